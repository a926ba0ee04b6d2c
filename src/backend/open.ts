import {existsSync} from 'node:fs';
import {basename, dirname, resolve} from 'node:path';
import {UsageError} from '../errors.ts';
import {findHome, isHome} from '../workspace/locate.ts';
import {databasePath} from '../workspace/paths.ts';
import {defaultDatabase} from './space-os/door.ts';

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

/** Where the store is: as told, else the workspace that is found, else the space-os of this user. Nothing is opened. */
export function findPlace({cwd, env, db, home}: Told): Place {
	if (db !== undefined) {
		if (home !== undefined) throw new UsageError('--db and --home name two stores.', 'Leave one away.');
		return placeOf(resolve(cwd, db));
	}
	const told = home ?? (env.RAID_HOME || undefined);
	const usual = defaultDatabase();
	if (told === undefined && findHome({cwd, home: told}) === null && existsSync(usual))
		return {home, spaceOs: usual};
	return {home, spaceOs: null};
}

function placeOf(path: string): Place {
	const home = dirname(path);
	const isOwn = isHome(home) && basename(path) === basename(databasePath(home));
	return isOwn ? {home, spaceOs: null} : {home: undefined, spaceOs: path};
}
