import {setTimeout as delay} from 'node:timers/promises';
import {describeError} from '../../errors.ts';
import type {ProcessIdentity, SpawnId} from '../../model/spawn.ts';
import {type Milliseconds, second} from '../../model/time.ts';
import {supervisorPatience} from '../../store/patience.ts';
import {StoreReplacedError} from '../../store/replaced.ts';
import {findSpawn} from '../../store/spawns.ts';
import {openWorkspace, type Workspace} from '../../workspace/open.ts';
import {reportOnce} from '../report-once.ts';
import {supervise} from './supervise.ts';

// A tool that replaces files may delete the old one first.
const triesToOpen = 10;
const pauseMs: Milliseconds = second / 2;

/**
 * Supervises a spawn. When the store is replaced meanwhile, it goes over to the new one, if that knows the same spawn as
 * running; else the agent is left alone, and never started again.
 */
export async function superviseThroughReplacement(
	workspace: Workspace,
	id: SpawnId,
	mend: (workspace: Workspace) => Promise<unknown>,
): Promise<void> {
	let current: Workspace | null = workspace;
	let agent: ProcessIdentity | null = null;
	while (current !== null) {
		const present: Workspace = current;
		try {
			await supervise(present, id, () => mend(present));
			return;
		} catch (error) {
			if (!(error instanceof StoreReplacedError)) throw error;
			console.error(`raid: ${describeError(error)}`);
			agent = findSpawn(present.store, id)?.process ?? agent;
			present.store.close();
			current = await openAgain(present, id, agent);
		}
	}
}

/** The workspace with its new store; null, with the reason on standard error, when that does not know the running agent. */
async function openAgain(
	{home, cliPath, env}: Workspace,
	id: SpawnId,
	agent: ProcessIdentity | null,
): Promise<Workspace | null> {
	for (let tries = 1; tries <= triesToOpen; tries += 1) {
		try {
			const opened = {
				...openWorkspace(home, home, env, {patience: supervisorPatience, warn: reportOnce}),
				cliPath,
			};
			const spawn = findSpawn(opened.store, id);
			const knowsAgent = spawn?.status === 'running' && agent !== null && spawn.process?.pid === agent.pid;
			if (knowsAgent) return opened;
			opened.store.close();
			break;
		} catch (error) {
			reportOnce(error);
		}
		await delay(pauseMs);
	}
	console.error(
		'raid: the store that is there now does not know this agent as running. It is left alone, and not started again; to end it: raid cleanup',
	);
	return null;
}
