import {perform} from '../actions.ts';
import {noticeOf} from '../view/notice.ts';
import {command} from './command.ts';
import {printJson, requireArguments} from './output.ts';

export const hold = command({
	name: 'hold',
	summary: 'Let agents launch nothing new, in a channel or in all; what runs goes on.',
	usage: 'raid hold [CHANNEL]',
	inSpaceOs: 'It cannot hold anything; spawn stop ID ends a spawn.',
	async run(input, _, context) {
		const channel = input.length === 0 ? null : requireArguments(input, ['CHANNEL'], hold.usage).CHANNEL;
		const result = await perform({type: 'hold', channel}, await context.openWorld());
		if (context.flags.json) printJson({version: 1, channel}, context);
		else context.terminal.print(`${noticeOf(result).text}\n`);
	},
});
