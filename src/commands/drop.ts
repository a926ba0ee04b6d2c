import {perform} from '../actions/perform.ts';
import {command} from '../cli/command.ts';
import {requireHeld, requireOperator} from '../cli/references.ts';
import {UsageError} from '../errors.ts';
import {listHeldMentions} from '../store/mentions.ts';
import {printSettled} from './release.ts';

export const drop = command({
	name: 'drop',
	summary: 'Drop held mentions for good.',
	usage: 'raid drop CHANNEL | MENTION… | --all',
	flags: {all: {type: 'boolean', help: 'every held mention'}},
	inSpaceOs: 'Nothing is ever held there.',
	async run(input, {all = false}, context) {
		if (all && input.length > 0) throw new UsageError('--all takes no MENTION.', `Usage: ${drop.usage}`);
		if (!all && input.length === 0) throw new UsageError('No mention was named.', `Usage: ${drop.usage}`);
		requireOperator(context);
		const workspace = await context.openWorkspace();
		const mentions = all ? listHeldMentions(workspace.store) : requireHeld(workspace, input);
		printSettled(await perform(workspace, {type: 'drop', mentions}), context);
	},
});
