import {hostname} from 'node:os';
import {resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {v7 as newId} from 'uuid';
import {NotFoundError} from '../errors.ts';
import type {Instant} from '../model/time.ts';
import {bootId} from '../process/table.ts';
import type {StartConditions} from '../store/claims.ts';
import {openStore, type Store} from '../store/open.ts';
import {type Config, readConfig} from './config.ts';
import {findHome} from './locate.ts';
import {databasePath} from './paths.ts';

/** What the present consists of: made here, passed on to all that acts. */
export interface Workspace {
	/** The workspace's directory. */
	readonly home: string;
	readonly store: Store;
	readonly config: Config;
	/** The environment that this process was started with. */
	readonly env: NodeJS.ProcessEnv;
	/** `dist/cli.js` of this very install, for the processes that we start. */
	readonly cliPath: string;
	/** Name of this machine, and the id of its boot. */
	readonly host: string;
	readonly boot: string;
	readonly now: () => Instant;
	/** A new UUIDv7. */
	readonly newId: () => string;
}

// Every bundled file lies beside cli.js.
const ownCliPath = fileURLToPath(new URL('./cli.js', import.meta.url));

/** The parts of a workspace that need no workspace. */
export const platform = {cliPath: ownCliPath, host: hostname(), now: Date.now, newId: () => newId()};

/** Opens the workspace. Throws a NotFoundError when there is none, a StoreError when its store cannot be opened. */
export function openWorkspace(home: string | undefined, cwd: string, env: NodeJS.ProcessEnv): Workspace {
	const wanted = home ?? (env.RAID_HOME || undefined);
	const found = findHome({cwd, home: wanted});
	if (found === null) {
		const where = wanted === undefined ? 'here or above, nor ~/.raid' : `at ${resolve(cwd, wanted)}`;
		throw new NotFoundError(`There is no workspace ${where}.`, 'Make one: raid init');
	}
	return {
		...platform,
		boot: bootId(),
		home: found,
		env,
		config: readConfig(found),
		store: openStore(databasePath(found)),
	};
}

/** What decides at present whether a pending spawn may start. */
export function startConditions({config, boot, now}: Workspace): StartConditions {
	return {maxLive: config.limits.maxLive, boot, at: now()};
}
