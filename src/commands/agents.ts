import {command} from '../cli/command.ts';
import {printJson, printTable, requireArguments} from '../cli/print.ts';
import {agentDocument} from '../documents/documents.ts';
import {presentQuery} from '../model/query.ts';
import {isLive} from '../model/spawn.ts';
import {formatUsed} from '../text/usage.ts';

export const agents = command({
	name: 'agents',
	summary: 'List the agents.',
	usage: 'raid agents',
	async run(input, _, context) {
		requireArguments(input, [], agents.usage);
		const {agents: identities, spawns} = (await context.openBackend()).read(presentQuery);
		const known = identities.filter(agent => agent.model !== null);
		if (context.flags.json) {
			printJson({version: 1, agents: known.map(agent => agentDocument(agent, spawns))}, context);
			return;
		}
		const live = Map.groupBy(spawns.filter(isLive), spawn => spawn.agent);
		printTable(
			['IDENTITY', 'PROVIDER', 'MODEL', 'MAY', 'LIVE', 'SPAWNS', 'FAILED', 'TOKENS', 'ROLE'],
			known.map(agent => [
				agent.identity,
				agent.provider ?? '-',
				agent.model ?? '-',
				agent.launch?.permissions ?? '-',
				String(live.get(agent.identity)?.length ?? 0),
				String(agent.spawns),
				String(agent.failures),
				formatUsed(agent) || '-',
				agent.role ?? '',
			]),
			context,
		);
	},
});
