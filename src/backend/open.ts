import {existsSync} from 'node:fs';
import {basename, dirname, resolve} from 'node:path';
import {speak} from '../actions/speak.ts';
import {describeError, isStoreFailure, UsageError} from '../errors.ts';
import {reconcile} from '../launcher/reconcile.ts';
import {recordWithinMs} from '../launcher/stop/stop.ts';
import type {Action, Results} from '../model/action.ts';
import {type Milliseconds, second} from '../model/time.ts';
import {homeMarker, spawnMarker, supervisorMarker} from '../process/markers.ts';
import {findMarked, readEnvironment} from '../process/table.ts';
import {supervisorPatience, usualPatience} from '../store/patience.ts';
import {insideOf} from '../workspace/inside.ts';
import {findHome, findHomeToStop, isHome} from '../workspace/locate.ts';
import {openWorkspace, openWorkspaceWhenFree, requireHome, type Workspace} from '../workspace/open.ts';
import {databasePath} from '../workspace/paths.ts';
import type {Backend} from './backend.ts';
import {spaceOsBackend} from './space-os/backend.ts';
import {spaceOsColumns} from './space-os/columns.ts';
import {defaultDatabase} from './space-os/door.ts';
import {readForeign} from './space-os/open.ts';
import type {PlaceToStop} from './stop-home.ts';
import {workspaceBackend} from './workspace/backend.ts';

/** The options that decide which store a command opens. */
export interface StoreOptions {
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** `--db` and `--home`. */
	readonly db: string | undefined;
	readonly home: string | undefined;
	/** The space-os command that does the same, as a hint; null for a command that only reads. */
	readonly inSpaceOs: string | null;
	/** Gets a sentence for the operator, beside what the command prints. */
	readonly warn: (text: string) => void;
}

/** What posts a message. */
export interface Poster {
	/** Null inside a spawn, where nothing is opened. */
	readonly workspace: Workspace | null;
	readonly post: (action: Action & {type: 'post'}) => Promise<Results['post']>;
}

/** The store of one command: nothing is opened before it is asked for. */
export interface Stores {
	/**
	 * Opens the workspace, and reconciles it if asked to. `waits`: not before a raid of an older version has ended. Throws
	 * when there is none, and when the store is a space-os.
	 */
	readonly openWorkspace: (options: {
		readonly reconciles: boolean;
		readonly waits?: boolean;
		/** How long its store waits for other writers; by default as long as a command does. */
		readonly waitMs?: Milliseconds;
	}) => Promise<Workspace>;
	/** Opens the workspace as a backend for actions, reconciled first unless `reconciles` is false. Throws like `openWorkspace`. */
	readonly openToChange: (options?: {readonly reconciles: boolean}) => Promise<Backend>;
	/** Opens what posts a message: inside a spawn the outbox, which needs no store, else as `openToChange`. */
	readonly openToPost: () => Promise<Poster>;
	/**
	 * Opens what is to be read: the workspace, which is mended first unless `mends` is false, or a space-os. Throws when
	 * there is neither.
	 */
	readonly openBackend: (options?: {readonly mends: boolean}) => Promise<Backend>;
	/** Opens a workspace again whose database was replaced. The one before stays as it is when that fails. */
	readonly reopenBackend: () => Promise<Backend>;
	/**
	 * The workspace that is to be stopped, which need not be whole; null for a space-os, inside a spawn, and where there is
	 * none.
	 */
	readonly openToStop: () => PlaceToStop | null;
	readonly close: () => void;
}

/** The store that the options name, else the workspace that is found, else the space-os of this user. */
export function storesOf(options: StoreOptions): Stores {
	const {cwd, env, inSpaceOs, warn} = options;
	let workspace: Workspace | undefined;
	const stores: Stores = {
		async openWorkspace({reconciles, waits = false, waitMs}) {
			const location = locate(options);
			if (location.type === 'space-os') throw refuseToWrite(location.db, inSpaceOs);
			const open = waits ? openWorkspaceWhenFree : openWorkspace;
			workspace ??= await open(location.home, cwd, env, {
				warn,
				patience: waits ? supervisorPatience : {waitMs: waitMs ?? usualPatience.waitMs},
			});
			if (reconciles) await reconcile(workspace);
			return workspace;
		},
		openToChange: async ({reconciles} = {reconciles: true}) =>
			workspaceBackend(await stores.openWorkspace({reconciles})),
		async openToPost() {
			const location = locate(options);
			if (location.type === 'space-os') throw refuseToWrite(location.db, inSpaceOs);
			const found = requireHome(location.home, cwd, env);
			const inside = insideOf(found, env);
			if (inside !== null) return {workspace: null, post: action => speak(found, inside, action)};
			const opened = await stores.openWorkspace({reconciles: true});
			return {workspace: opened, post: action => workspaceBackend(opened).perform(action)};
		},
		async openBackend({mends} = {mends: true}) {
			const location = locate(options);
			if (location.type === 'space-os') return spaceOsBackend(location.db, env);
			const opened = await stores.openWorkspace({reconciles: false, waitMs: mendWithinMs});
			const backend = workspaceBackend(opened);
			if (mends) await mendIfPossible(backend, warn);
			return backend;
		},
		openToStop() {
			const place = locateToStop(options);
			if (place === null) return null;
			return {
				home: place,
				env,
				open: () => stores.openWorkspace({reconciles: false, waitMs: recordWithinMs}),
			};
		},
		async reopenBackend() {
			const before = workspace;
			workspace = undefined;
			try {
				const fresh = await stores.openBackend({mends: false});
				before?.store.close();
				return fresh;
			} catch (error) {
				workspace = before;
				throw error;
			}
		},
		close: () => workspace?.store.close(),
	};
	return stores;
}

/** Brings the records in line with the processes. What is recorded can be read all the same when that fails. */
async function mendIfPossible(backend: Backend, warn: StoreOptions['warn']): Promise<void> {
	try {
		await backend.mend();
	} catch (error) {
		if (!isStoreFailure(error)) throw error;
		const reason = describeError(error);
		warn(`The records are shown as they are, because they cannot be brought in line: ${reason}`);
	}
}

/** Inside a spawn the store decides whether its agent may stop anything. */
function locateToStop({cwd, env, db, home}: StoreOptions): string | null {
	const isOwn = db === undefined || (basename(db) === basename(databasePath('')) && home === undefined);
	if (!isOwn) return null;
	const named = db === undefined ? (home ?? (env[homeMarker] || undefined)) : dirname(db);
	const place = findHomeToStop({cwd, home: named}, runningHomes());
	return place === null || insideOf(place, env) !== null ? null : place;
}

/** The workspaces that living agents and supervisors name. */
function runningHomes(): readonly string[] {
	const homes = [...findMarked(homeMarker)];
	return homes
		.filter(([, entries]) =>
			entries.some(({pid}) =>
				[spawnMarker, supervisorMarker].some(name => readEnvironment(pid, name) !== null),
			),
		)
		.map(([home]) => home);
}

// A command that only reads does not wait long for a change that it would make by the way.
const mendWithinMs: Milliseconds = 3 * second;

type Location =
	/** The home as it was named; undefined for the one that is found. */
	| {readonly type: 'workspace'; readonly home: string | undefined}
	| {readonly type: 'space-os'; readonly db: string};

function locate({cwd, env, db, home}: StoreOptions): Location {
	if (db !== undefined) {
		if (home !== undefined) throw new UsageError('--db and --home name two stores.', 'Omit one of them.');
		return locateDatabase(resolve(cwd, db));
	}
	const named = home ?? (env.RAID_HOME || undefined);
	const usual = defaultDatabase();
	if (named === undefined && findHome({cwd, home: named}) === null && existsSync(usual))
		return {type: 'space-os', db: usual};
	return {type: 'workspace', home};
}

function locateDatabase(path: string): Location {
	const home = dirname(path);
	const isOwn = isHome(home) && basename(path) === basename(databasePath(home));
	return isOwn ? {type: 'workspace', home} : {type: 'space-os', db: path};
}

/** The error of a command that would change a space-os. */
function refuseToWrite(db: string, own: string | null): UsageError {
	readForeign(db, foreign => spaceOsColumns(foreign, db));
	return new UsageError(
		`${db} is a space-os: raid only reads it.`,
		own ?? 'It has commands of its own: bridge --help, spawn --help',
	);
}
