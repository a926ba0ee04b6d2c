import {existsSync, realpathSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join, resolve} from 'node:path';

/** Name of the directory that holds a workspace. */
export const homeName = '.raid';

/** Where a search for a workspace begins. */
interface SearchStart {
	readonly cwd: string;
	/** `--home`, else `RAID_HOME`; undefined when neither was given. */
	readonly home: string | undefined;
}

/**
 * The workspace's home, with symbolic links resolved: the one that was named, else the nearest `.raid` upwards, else
 * `~/.raid`. Null when there is none.
 */
export function findHome(start: SearchStart): string | null {
	const found = searchHome(start);
	// Its processes are found by this very path in their environment, and sandboxes want it without links.
	return found === null ? null : realpathSync(found);
}

function searchHome({cwd, home}: SearchStart): string | null {
	if (home !== undefined) return isHome(resolve(cwd, home)) ? resolve(cwd, home) : null;
	for (let directory = resolve(cwd); ; directory = dirname(directory)) {
		if (isHome(join(directory, homeName))) return join(directory, homeName);
		if (directory === dirname(directory)) break;
	}
	const personal = join(homedir(), homeName);
	return isHome(personal) ? personal : null;
}

/** True for a directory that `raid init` made. */
export function isHome(path: string): boolean {
	return existsSync(join(path, 'raid.db'));
}
