import {command} from '../cli/command.ts';
import {printJson, requireArguments} from '../cli/print.ts';
import {exitCodes} from '../errors.ts';
import {reconcile} from '../launcher/reconcile.ts';
import {endStrays} from '../launcher/strays.ts';
import {shortId} from '../model/spawn.ts';

const words = {
	start: 'had no supervisor: started again',
	unclaim: 'had a dead supervisor before it began: started again',
	adopt: 'had a dead supervisor: a new one took over',
	suspend: 'waited through a reboot: held until you release it',
	orphan: 'was gone: marked failed',
} as const;

export const cleanup = command({
	name: 'cleanup',
	summary: 'Bring the records in line with the processes, and end strays.',
	usage: 'raid cleanup',
	inSpaceOs: 'Its own: spawn cleanup',
	async run(input, _, context) {
		requireArguments(input, [], cleanup.usage);
		// Opening reconciles as well, for every command; here the operator wants to hear of it.
		const workspace = await context.openWorkspace({reconciles: false});
		const mended = await reconcile(workspace);
		const strays = await endStrays(workspace);
		const survivors = strays.flatMap(stray => stray.survivors);
		if (context.flags.json) printJson({version: 1, mended, strays}, context);
		else {
			const lines = [
				...mended.map(({id, agent, recovery}) => `${agent} #${shortId(id)} ${words[recovery]}.\n`),
				...strays.map(
					({id, agent, signalled}) =>
						`${agent} #${shortId(id)} had strays: killed ${signalled.join(', ')}.\n`,
				),
				...(survivors.length > 0 ? [`These still live: ${survivors.join(', ')}\n`] : []),
			];
			context.terminal.print(lines.join('') || 'Nothing to clean up.\n');
		}
		return survivors.length > 0 ? exitCodes.notFine : exitCodes.fine;
	},
});
