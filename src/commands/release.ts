import {perform} from '../actions.ts';
import type {ActionResult} from '../model/action.ts';
import {findChannel} from '../store/channels.ts';
import {listHeldMentions} from '../store/messages.ts';
import {mentionDocument} from '../view/document.ts';
import {noticeOf} from '../view/notice.ts';
import {type Context, command} from './command.ts';
import {requireHeld, requireOperator} from './named.ts';
import {printJson} from './output.ts';

export const release = command({
	name: 'release',
	summary: 'Go on after a hold, a breaker or a reboot; or release single mentions, whatever holds them.',
	usage: 'raid release [CHANNEL | MENTION… | --all]',
	flags: {all: {type: 'boolean', help: 'every held mention, also what was settled or beyond the leash'}},
	inSpaceOs: 'Nothing is ever held there.',
	async run(input, {all = false}, context) {
		requireOperator(context);
		const world = await context.openWorld();
		const [first] = input;
		const isChannel = first !== undefined && input.length === 1 && findChannel(world.store, first) !== null;
		if (input.length === 0 || isChannel) {
			const result = await perform({type: 'release', channel: first ?? null}, world);
			if (!all) {
				printSettled(result, context);
				return;
			}
		}
		const held = listHeldMentions(world.store);
		const mentions = all
			? held.filter(entry => first === undefined || entry.channel === first)
			: requireHeld(world, input);
		printSettled(await perform({type: 'settle', isDropped: false, mentions}, world), context);
	},
});

/** Prints what became of mentions that were held. */
export function printSettled(result: ActionResult, context: Context): void {
	if (result.type !== 'settled') return;
	if (!context.flags.json) {
		context.terminal.print(`${noticeOf(result).text}\n`);
		return;
	}
	const mentions = result.mentions.map(mention => ({
		message: mention.messageId,
		...mentionDocument(mention),
	}));
	printJson({version: 1, mentions}, context);
}
