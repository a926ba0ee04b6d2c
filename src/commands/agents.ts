import {command} from '../cli/command.ts';
import {tableRows, textRow} from '../cli/rows.ts';
import {describeObstacles, type Obstacle, obstaclesOf} from '../doctor/obstacles.ts';
import {agentDocument} from '../documents/agent.ts';
import {obstacleDocument} from '../documents/obstacle.ts';
import {type Agent, damageOf, isAgent} from '../model/agent.ts';
import {lineOf, longestRole} from '../model/line.ts';
import {presentQuery} from '../model/query.ts';
import {isLive} from '../model/spawn.ts';
import {formatUsed} from '../text/usage.ts';

export const agents = command({
	name: 'agents',
	group: 'watch',
	summary: 'List the agents, and say which of them cannot run here.',
	examples: ['raid agents'],
	async run(_, __, {openBackend, openWorkspace}) {
		const {agents: identities, spawns, system} = (await openBackend()).read(presentQuery);
		const known = identities.filter(isAgent);
		// A space-os launches its agents in its own way.
		const obstacles =
			system.kind === 'space-os' ? [] : obstaclesOf(await openWorkspace({reconciles: false}), known);
		const marks = new Map(obstacles.map(({agent, type}) => [agent, obstacleMarks[type]]));
		const live = Map.groupBy(spawns.filter(isLive), spawn => spawn.agent);
		return {
			document: {
				agents: known.map(agent => agentDocument(agent, spawns)),
				cannotRun: obstacles.map(obstacleDocument),
			},
			rows: [
				...tableRows(
					[
						'IDENTITY',
						'PROVIDER',
						'MODEL',
						'PERMISSIONS',
						'OBSTACLE',
						'LIVE',
						'SPAWNS',
						'FAILED',
						'TOKENS',
						'ROLE',
					],
					known.map(agent => [
						agent.identity,
						agent.provider ?? '-',
						agent.model ?? '-',
						damageOf(agent) ?? permissionsOf(agent),
						marks.get(agent.identity) ?? '-',
						String(live.get(agent.identity)?.length ?? 0),
						String(agent.spawns),
						String(agent.failures),
						formatUsed(agent) || '-',
						lineOf(agent.role ?? '', longestRole),
					]),
				),
				...describeObstacles(obstacles).map(textRow),
			],
		};
	},
});

const obstacleMarks: Readonly<Record<Obstacle['type'], string>> = {program: 'no CLI', login: 'no login'};

/** The level, and what is allowed beside it. */
function permissionsOf({launch}: Agent): string {
	if (launch === null) return '-';
	const {permissions, allow, mayOperate} = launch;
	const commands = allow.length === 1 ? '1 command' : `${allow.length} commands`;
	return [permissions, ...(allow.length === 0 ? [] : [commands]), ...(mayOperate ? ['operates'] : [])].join(
		', ',
	);
}
