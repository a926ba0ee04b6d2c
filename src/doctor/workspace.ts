import {RaidError} from '../errors.ts';
import {isAgent} from '../model/agent.ts';
import {listAgents} from '../store/agents.ts';
import type {Workspace} from '../workspace/open.ts';
import {checkAwake} from './awake.ts';
import {checkAgents} from './clis.ts';
import {type Finding, problem} from './finding.ts';
import {checkClock, checkDisk} from './machine.ts';
import {checkStore, newestRecord} from './store.ts';

/**
 * Checks the store, the disk, the clock and the CLIs of the agents. That there is no workspace, or that it cannot be
 * opened, is a finding too. With `isLive` each pair of CLI and model makes one small call.
 */
export async function checkWorkspace(
	open: () => Promise<Workspace>,
	isLive: boolean,
): Promise<readonly Finding[]> {
	try {
		const workspace = await open();
		const {home, store, now, config, env} = workspace;
		return [
			checkStore(store),
			checkDisk(home),
			await checkAwake(config.keepAwake, process.platform, env),
			checkClock(home, newestRecord(store), now),
			...(await checkAgents(workspace, listAgents(store).filter(isAgent), isLive)),
		];
	} catch (error) {
		if (!(error instanceof RaidError)) throw error;
		return [problem('workspace', error.message, error.hint ?? 'Look at the path.')];
	}
}
