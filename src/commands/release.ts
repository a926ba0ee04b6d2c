import {perform} from '../actions/perform.ts';
import {type Context, command} from '../cli/command.ts';
import {printJson} from '../cli/print.ts';
import {requireHeld, requireOperator} from '../cli/references.ts';
import {mentionDocument} from '../documents/documents.ts';
import type {HoldScope, Results} from '../model/action.ts';
import {findChannel} from '../store/channels.ts';
import {listHeldMentions} from '../store/mentions.ts';
import {describeResult} from '../view/result.ts';

export const release = command({
	name: 'release',
	summary: 'Go on after a hold, a breaker or a reboot; or release single mentions, whatever holds them.',
	usage: 'raid release [CHANNEL | MENTION… | --all]',
	flags: {all: {type: 'boolean', help: 'every held mention, also what was settled or beyond the leash'}},
	inSpaceOs: 'Nothing is ever held there.',
	async run(input, {all = false}, context) {
		requireOperator(context);
		const workspace = await context.openWorkspace();
		const [first] = input;
		const isChannel =
			first !== undefined && input.length === 1 && findChannel(workspace.store, first) !== null;
		if (input.length === 0 || isChannel) {
			const scope: HoldScope = first === undefined ? {type: 'all'} : {type: 'channel', channel: first};
			const result = await perform(workspace, {type: 'lift', scope});
			if (!all) {
				printSettled(result, context);
				return;
			}
		}
		const held = listHeldMentions(workspace.store);
		const mentions = all
			? held.filter(entry => first === undefined || entry.channel === first)
			: requireHeld(workspace, input);
		printSettled(await perform(workspace, {type: 'release', mentions}), context);
	},
});

/** Prints what became of mentions that were held. */
export function printSettled(result: Results['release'], context: Context): void {
	if (!context.flags.json) {
		context.terminal.print(`${describeResult({type: 'release', mentions: []}, result)}\n`);
		return;
	}
	const mentions = result.mentions.map(mention => ({
		message: mention.messageId,
		...mentionDocument(mention),
	}));
	printJson({version: 1, mentions}, context);
}
