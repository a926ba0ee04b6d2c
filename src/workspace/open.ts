import {join, resolve} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {v7 as newId} from 'uuid';
import {NotFoundError} from '../errors.ts';
import type {Limits} from '../model/limits.ts';
import type {Habitat} from '../model/spawn.ts';
import {type Instant, type Milliseconds, second} from '../model/time.ts';
import {machineId, pidNamespace} from '../process/machine.ts';
import {bootId} from '../process/table.ts';
import type {StartConditions} from '../store/claims.ts';
import {openStore, type Store} from '../store/open.ts';
import {readSettings} from '../store/settings.ts';
import {type Config, readConfig} from './config.ts';
import {writeShim} from './create.ts';
import {findHome, homeName, isHome} from './locate.ts';
import {OldRaidError, requireNoOldRaid} from './old-raid.ts';
import {requireTrusted} from './ownership.ts';
import {databasePath} from './paths.ts';

/** An open `.raid/`: store, configuration, clock and the machine that this process runs on. */
export interface Workspace extends Habitat {
	/** The workspace's directory. */
	readonly home: string;
	readonly store: Store;
	readonly config: Config;
	/** The environment that this process was started with. */
	readonly env: NodeJS.ProcessEnv;
	/** `dist/cli.js` of this very install, for the processes that we start. */
	readonly cliPath: string;
	readonly machine: string;
	readonly now: () => Instant;
	/** A new UUIDv7. */
	readonly newId: () => string;
}

// Every bundled file lies beside cli.js.
const ownCliPath = fileURLToPath(new URL('./cli.js', import.meta.url));

/** The parts of a workspace that need no workspace. */
export const platform = {cliPath: ownCliPath, now: Date.now, newId: () => newId()};

/**
 * Opens the workspace. Throws a NotFoundError when there is none, an UntrustedWorkspaceError when others could have filled
 * it, a StoreError when its store cannot be opened, and an OldRaidError while a raid of an older version keeps its store from being migrated.
 */
export function openWorkspace(home: string | undefined, cwd: string, env: NodeJS.ProcessEnv): Workspace {
	const wanted = home ?? (env.RAID_HOME || undefined);
	const found = findHome({cwd, home: wanted});
	if (found === null) {
		const where = wanted === undefined ? 'here or above, nor ~/.raid' : `at ${resolve(cwd, wanted)}`;
		const inside = wanted === undefined ? null : join(resolve(cwd, wanted), homeName);
		const hint = inside !== null && isHome(inside) ? `Did you mean ${inside}?` : 'Create one: raid init';
		throw new NotFoundError(`There is no workspace ${where}.`, hint);
	}
	requireTrusted(found, env);
	const machine = machineId();
	return {
		...platform,
		machine,
		boot: bootId(),
		namespace: pidNamespace(),
		home: found,
		env,
		config: readConfig(found),
		store: openStore(databasePath(found), {
			machine,
			beforeMigration(store) {
				requireNoOldRaid(store, found);
				// An agent whose supervisor died may still post, and the install that it was started by cannot any more.
				writeShim(found, process.execPath, platform.cliPath);
			},
		}),
	};
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

/** The present conditions under which a pending spawn may start. */
export function startConditions(workspace: Workspace): StartConditions {
	const {machine, boot, namespace} = workspace;
	return {maxLive: limitsOf(workspace).maxLive, machine, boot, namespace, at: workspace.now()};
}

/** The limits at present: those of `config.json`, and over them those that were changed while the raid ran. */
export function limitsOf({config, store}: Workspace): Limits {
	return {...config.limits, ...readSettings(store)};
}
