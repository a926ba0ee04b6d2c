import {existsSync} from 'node:fs';
import {basename, dirname, resolve} from 'node:path';
import {UsageError} from './errors.ts';
import {isOurs} from './space-os/columns.ts';
import {defaultDatabase} from './space-os/door.ts';
import {readForeign} from './space-os/open.ts';
import {findHome, isHome} from './workspace/locate.ts';

/** What was told about where the store is. */
export interface Told {
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** `--db` and `--home`. */
	readonly db: string | undefined;
	readonly home: string | undefined;
}

/** Where the store is. */
export interface Place {
	/** The workspace as told; undefined: the one that is found. */
	readonly home: string | undefined;
	/** Database of the space-os, which it is then; null: it is a workspace. */
	readonly spaceOs: string | null;
}

/**
 * Where the store is: as told, else the workspace that is found, else the space-os of this user. Throws a UsageError for
 * a database of ours outside of its workspace, a StoreError for one that nobody knows.
 */
export function findPlace({cwd, env, db, home}: Told): Place {
	if (db !== undefined) {
		if (home !== undefined) throw new UsageError('--db and --home name two stores.', 'Leave one away.');
		return placeOf(resolve(cwd, db));
	}
	const told = home ?? (env.RAID_HOME || undefined);
	const usual = defaultDatabase();
	if (told === undefined && findHome({cwd, home: told}) === null && existsSync(usual)) return placeOf(usual);
	return {home, spaceOs: null};
}

function placeOf(path: string): Place {
	if (!readForeign(path, db => isOurs(db, path))) return {home: undefined, spaceOs: path};
	const home = dirname(path);
	if (isHome(home) && basename(path) === 'raid.db') return {home, spaceOs: null};
	throw new UsageError(
		`${path} is a raidwatch store, but stands in no workspace.`,
		'A workspace holds it as raid.db: --home names one.',
	);
}
