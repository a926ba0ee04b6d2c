import {realpathSync} from 'node:fs';
import {resolve} from 'node:path';
import {command} from '../cli/command.ts';
import {textRow} from '../cli/rows.ts';
import {misuse} from '../cli/usage.ts';
import {describeObstacles, obstaclesOf} from '../doctor/obstacles.ts';
import {obstacleDocument} from '../documents/obstacle.ts';
import {UsageError} from '../errors.ts';
import {isAgent} from '../model/agent.ts';
import {presentQuery} from '../model/query.ts';
import {createWorkspace} from '../workspace/create.ts';
import {insideOf} from '../workspace/inside.ts';
import {homeName, isHome} from '../workspace/locate.ts';
import {platform} from '../workspace/open.ts';
import {requireTrusted} from '../workspace/ownership.ts';
import {starterParty} from '../workspace/party.ts';

export const init = command({
	name: 'init',
	group: 'setup',
	summary: 'Create a workspace here, with a starter party, and say which agents cannot run.',
	examples: ['raid init', 'raid init --home ~/.raid'],
	async run(_, __, {flags, cwd, env, openBackend, openWorkspace}) {
		if (flags.db !== undefined) throw misuse(init, '--db names a database to read; use --home.');
		const home = resolve(cwd, flags.home ?? (env.RAID_HOME || homeName));
		const isNew = !isHome(home);
		if (!isNew) requireTrusted(realpathSync(home), env);
		if (!isNew && insideOf(realpathSync(home), env) !== null)
			throw new UsageError('Only the operator may do that.', 'Ask for it in the channel: mention @human.');
		createWorkspace({
			...platform,
			home,
			party: starterParty,
			channel: 'general',
			runtime: process.execPath,
			at: platform.now(),
		}).close();
		const raid = (await openBackend()).read(presentQuery);
		const agents = raid.agents.filter(isAgent).map(agent => agent.identity);
		const obstacles = obstaclesOf(await openWorkspace({reconciles: false}), raid.agents);
		return {
			document: {home, isNew, agents, cannotRun: obstacles.map(obstacleDocument)},
			rows: [
				`${home} ${isNew ? 'is a new workspace' : 'is a workspace already; nothing was changed'}.`,
				`Agents: ${agents.join(', ')}. Their instructions: ${home}/agents/*.md`,
				...describeObstacles(obstacles),
				...(obstacles.length > 0 ? ['Look closer: raid doctor'] : []),
				'Next: raid send general "@hailot say hello"   and watch it: raid',
			].map(textRow),
		};
	},
});
