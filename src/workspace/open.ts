import {join, resolve} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {v7 as newId} from 'uuid';
import {NotFoundError, type RaidError, StoreError} from '../errors.ts';
import type {Limits} from '../model/limits.ts';
import type {Habitat} from '../model/spawn.ts';
import {type Instant, type Milliseconds, second} from '../model/time.ts';
import {writerOf} from '../process/locks.ts';
import {machineId, pidNamespace} from '../process/machine.ts';
import {bootId} from '../process/table.ts';
import {isOperating} from '../store/agents.ts';
import type {StartConditions} from '../store/claims.ts';
import {openReadOnly, openStore, type Store} from '../store/open.ts';
import {type Patience, usualPatience} from '../store/patience.ts';
import {readSettings} from '../store/settings.ts';
import {type Config, readUsableConfig, soundLimits} from './config.ts';
import {writeShim} from './create.ts';
import {type Inside, insideOf} from './inside.ts';
import {findHome, findHomeToStop, homeName, isHome} from './locate.ts';
import {OldRaidError, requireNoOldRaid} from './old-raid.ts';
import {requireTrusted} from './ownership.ts';
import {databasePath} from './paths.ts';
import {lastStop} from './stop-file.ts';

/** An open `.raid/`: store, configuration, clock and the machine that this process runs on. */
export interface Workspace extends Habitat {
	/** The workspace's directory. */
	readonly home: string;
	readonly store: Store;
	readonly config: Config;
	/** Why `config` is the defaults, and not what its file says: then nothing is launched. Null when all is well. */
	readonly configError: RaidError | null;
	/** The environment that this process was started with. */
	readonly env: NodeJS.ProcessEnv;
	/** `dist/cli.js` of this very install, for the processes that we start. */
	readonly cliPath: string;
	/** The spawn that this process runs in; null for an operator's. */
	readonly inside: Inside | null;
	readonly machine: string;
	readonly now: () => Instant;
	/** A new UUIDv7. */
	readonly newId: () => string;
}

// Every bundled file lies beside cli.js.
const ownCliPath = fileURLToPath(new URL('./cli.js', import.meta.url));

/** The parts of a workspace that need no workspace. */
export const platform = {cliPath: ownCliPath, now: Date.now, newId: () => newId()};

/** How a workspace is opened. */
export interface Opening {
	/** How its store waits for other writers; by default as a command does. */
	readonly patience?: Patience;
	/** Gets a sentence for the operator. */
	readonly warn?: (text: string) => void;
}

/**
 * Opens the workspace. Throws a NotFoundError when there is none, an UntrustedWorkspaceError when others could have filled
 * it, a StoreError when its store cannot be opened, and an OldRaidError while a raid of an older version keeps its store
 * from being migrated.
 */
export function openWorkspace(
	home: string | undefined,
	cwd: string,
	env: NodeJS.ProcessEnv,
	{patience = usualPatience, warn = () => {}}: Opening = {},
): Workspace {
	const found = requireHome(home, cwd, env);
	requireTrusted(found, env);
	const machine = machineId();
	const inside = insideOf(found, env);
	const {config, error} = readUsableConfig(found);
	if (error !== null)
		warn(`${error.message} The defaults are used, and nothing is launched, until it is mended.`);
	const open = () => openWhole(found, machine, {onWait: warn, writerOf, ...patience});
	return {
		...platform,
		machine,
		boot: bootId(),
		namespace: pidNamespace(),
		home: found,
		env,
		inside,
		config,
		configError: error,
		store: inside === null ? open() : openInside(found, inside, open),
	};
}

/** The home of the workspace, with symbolic links resolved. Throws a NotFoundError when there is none, or its store is gone. */
export function requireHome(home: string | undefined, cwd: string, env: NodeJS.ProcessEnv): string {
	const wanted = home ?? (env.RAID_HOME || undefined);
	const found = findHome({cwd, home: wanted});
	if (found === null) {
		const damaged = findHomeToStop({cwd, home: wanted}, []);
		if (damaged !== null) {
			const hint = 'Put it back, or a backup of it. An empty one: raid init';
			throw new NotFoundError(`${databasePath(damaged)} is gone.`, hint);
		}
		const where = wanted === undefined ? 'here or above, nor ~/.raid' : `at ${resolve(cwd, wanted)}`;
		const inside = wanted === undefined ? null : join(resolve(cwd, wanted), homeName);
		const hint = inside !== null && isHome(inside) ? `Did you mean ${inside}?` : 'Create one: raid init';
		throw new NotFoundError(`There is no workspace ${where}.`, hint);
	}
	return found;
}

function openWhole(home: string, machine: string, patience: Patience): Store {
	return openStore(databasePath(home), {
		machine,
		patience,
		beforeMigration(store) {
			requireNoOldRaid(store, home);
			// An agent whose supervisor died may still post, and the install that it was started by cannot any more.
			writeShim(home, process.execPath, platform.cliPath);
		},
	});
}

/** Opens the store to read it; to write it only for an agent that may operate, and as far as its sandbox allows. */
function openInside(home: string, {spawnId, objection}: Inside, open: () => Store): Store {
	const store = openReadOnly(databasePath(home));
	if (objection !== null || !isOperating(store, spawnId)) return store;
	try {
		const whole = open();
		store.close();
		return whole;
	} catch (error) {
		if (!(error instanceof StoreError)) throw error;
		return store;
	}
}

const waitMs: Milliseconds = 2 * second;

/** Opens the workspace as soon as no raid of an older version keeps its store from being migrated. */
export async function openWorkspaceWhenFree(
	...parameters: Parameters<typeof openWorkspace>
): Promise<Workspace> {
	for (;;) {
		try {
			return openWorkspace(...parameters);
		} catch (error) {
			if (!(error instanceof OldRaidError)) throw error;
		}
		await delay(waitMs);
	}
}

/** Throws the error of a configuration that cannot be used, for what launches agents. */
export function requireConfig({configError}: Workspace): void {
	if (configError !== null) throw configError;
}

/** The present conditions under which a pending spawn may start. */
export function startConditions(workspace: Workspace): StartConditions {
	const {home, machine, boot, namespace, now} = workspace;
	const at = now();
	const {maxLive} = limitsOf(workspace);
	return {maxLive, machine, boot, namespace, stoppedAt: lastStop(home, at), at};
}

/** The limits at present: those of `config.json`, and over them those that were changed while the raid ran. */
export function limitsOf({config, store}: Workspace): Limits {
	return {...config.limits, ...soundLimits(readSettings(store))};
}
