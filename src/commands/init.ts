import {resolve} from 'node:path';
import {command} from '../cli/command.ts';
import {printJson, requireArguments} from '../cli/print.ts';
import {UsageError} from '../errors.ts';
import {listAgents} from '../store/agents.ts';
import {createWorkspace} from '../workspace/create.ts';
import {homeName, isHome} from '../workspace/locate.ts';
import {platform} from '../workspace/open.ts';
import {starterParty} from '../workspace/party.ts';

export const init = command({
	name: 'init',
	summary: 'Make a workspace here, with a starter party.',
	usage: 'raid init [--home DIR]',
	async run(input, _, context) {
		requireArguments(input, [], init.usage);
		if (context.flags.db !== undefined)
			throw new UsageError('--db names a database to read.', `Usage: ${init.usage}`);
		const home = resolve(context.cwd, context.flags.home ?? (context.env.RAID_HOME || homeName));
		const wasThere = isHome(home);
		const store = createWorkspace({
			...platform,
			home,
			party: starterParty,
			channel: 'general',
			runtime: process.execPath,
			at: platform.now(),
		});
		const agents = listAgents(store).filter(agent => agent.model !== null);
		store.close();
		if (context.flags.json) {
			printJson({version: 1, home, isNew: !wasThere, agents: agents.map(agent => agent.identity)}, context);
			return;
		}
		const what = wasThere ? 'is a workspace already; nothing was changed' : 'is a new workspace';
		context.terminal.print(
			`${home} ${what}.\n` +
				`Agents: ${agents.map(agent => agent.identity).join(', ')}. Their instructions: ${home}/agents/*.md\n` +
				`Next: raid send general "@hailot say hello, then @human"   and watch it: raid\n`,
		);
	},
});
