import {NotFoundError, RaidError} from '../errors.ts';
import {type Agent, isAgent} from '../model/agent.ts';
import {listAgents} from '../store/agents.ts';
import type {Workspace} from '../workspace/open.ts';
import {checkAwake} from './awake.ts';
import {checkAgents} from './clis.ts';
import {type Finding, problem} from './finding.ts';
import {checkClock, checkDisk} from './machine.ts';
import {checkRows} from './rows.ts';
import {checkStore, newestRecord} from './store.ts';

/** What is checked of a workspace. */
export interface Examination {
	/** The agents that are checked; all when it is empty. */
	readonly named: readonly string[];
	/** Each pair of CLI and model also makes one small call, which is paid. */
	readonly isLive: boolean;
}

/**
 * Checks the store, the disk, the clock and the CLIs of the agents. That there is no workspace, or that it cannot be
 * opened, is a finding too. Throws a NotFoundError for an agent that is not there.
 */
export async function checkWorkspace(
	open: () => Promise<Workspace>,
	{named, isLive}: Examination,
): Promise<readonly Finding[]> {
	const workspace = await open().catch(findingOf);
	if ('level' in workspace) return [workspace];
	const {home, store, now, config, configError, env} = workspace;
	const agents = chooseAgents(workspace, named);
	return [
		...(configError === null
			? []
			: [problem('config', configError.message, configError.hint ?? 'Mend the file.')]),
		checkStore(store),
		checkRows(store),
		checkDisk(home),
		await checkAwake(config.keepAwake, process.platform, env),
		checkClock(home, newestRecord(store), now),
		...(await checkAgents(workspace, agents, isLive)),
	];
}

function findingOf(error: unknown): Finding {
	if (!(error instanceof RaidError)) throw error;
	return problem('workspace', error.message, error.hint ?? 'Look at the path.');
}

/** The agents with these names; all without any. Throws a NotFoundError for a name that no agent has. */
export function chooseAgents({store}: Pick<Workspace, 'store'>, named: readonly string[]): readonly Agent[] {
	const agents = listAgents(store).filter(isAgent);
	const unknown = named.find(name => !agents.some(({identity}) => identity === name));
	if (unknown !== undefined)
		throw new NotFoundError(`There is no agent "${unknown}".`, 'List them: raid agents');
	return named.length === 0 ? agents : agents.filter(({identity}) => named.includes(identity));
}
