import {command} from '../cli/command.ts';
import {tableRows} from '../cli/rows.ts';
import {agentDocument} from '../documents/agent.ts';
import {damageOf, isAgent} from '../model/agent.ts';
import {lineOf, longestRole} from '../model/line.ts';
import {presentQuery} from '../model/query.ts';
import {isLive} from '../model/spawn.ts';
import {formatUsed} from '../text/usage.ts';

export const agents = command({
	name: 'agents',
	group: 'watch',
	summary: 'List the agents.',
	examples: ['raid agents'],
	async run(_, __, {openBackend}) {
		const {agents: identities, spawns} = (await openBackend()).read(presentQuery);
		const known = identities.filter(isAgent);
		const live = Map.groupBy(spawns.filter(isLive), spawn => spawn.agent);
		return {
			document: {agents: known.map(agent => agentDocument(agent, spawns))},
			rows: tableRows(
				['IDENTITY', 'PROVIDER', 'MODEL', 'PERMISSIONS', 'LIVE', 'SPAWNS', 'FAILED', 'TOKENS', 'ROLE'],
				known.map(agent => [
					agent.identity,
					agent.provider ?? '-',
					agent.model ?? '-',
					damageOf(agent) ??
						`${agent.launch?.permissions ?? '-'}${agent.launch?.mayOperate ? ', operates' : ''}`,
					String(live.get(agent.identity)?.length ?? 0),
					String(agent.spawns),
					String(agent.failures),
					formatUsed(agent) || '-',
					lineOf(agent.role ?? '', longestRole),
				]),
			),
		};
	},
});
