import {perform} from '../actions/perform.ts';
import {command} from '../cli/command.ts';
import {printJson, requireArguments} from '../cli/print.ts';
import type {Action} from '../model/action.ts';
import {describeResult} from '../view/result.ts';

export const hold = command({
	name: 'hold',
	summary: 'Let agents launch nothing new, in a channel or in all; what runs goes on.',
	usage: 'raid hold [CHANNEL]',
	inSpaceOs: 'It cannot hold anything; spawn stop ID ends a spawn.',
	async run(input, _, context) {
		const channel = input.length === 0 ? null : requireArguments(input, ['CHANNEL'], hold.usage).CHANNEL;
		const action: Action = {
			type: 'hold',
			scope: channel === null ? {type: 'all'} : {type: 'channel', channel},
		};
		const result = await perform(await context.openWorkspace(), action);
		if (context.flags.json) printJson({version: 1, channel}, context);
		else context.terminal.print(`${describeResult(action, result)}\n`);
	},
});
