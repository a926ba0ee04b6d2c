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

/**
 * The home of a workspace that is to be stopped, which may be damaged: the nearest folder that is one, or was one before its
 * store was lost, else the one that processes of agents here name. Null when there is none.
 */
export function findHomeToStop({cwd, home}: SearchStart, running: readonly string[]): string | null {
	const wanted = home === undefined ? above(cwd).map(folder => join(folder, homeName)) : [resolve(cwd, home)];
	const personal = home === undefined ? [join(homedir(), homeName)] : [];
	const found = [...wanted, ...personal].find(path => isHome(path) || isRemnant(path));
	if (found !== undefined) return realpathSync(found);
	return wanted.find(path => running.includes(path)) ?? null;
}

/** True for a directory that `raid init` made, and whose store is gone. */
function isRemnant(path: string): boolean {
	return ['logs', 'agents'].every(name => existsSync(join(path, name)));
}

function above(cwd: string): readonly string[] {
	const directory = resolve(cwd);
	return directory === dirname(directory) ? [directory] : [directory, ...above(dirname(directory))];
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
