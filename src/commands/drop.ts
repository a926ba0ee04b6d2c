import {command} from '../cli/command.ts';
import {chooseHeld, heldArgument} from '../cli/references.ts';
import {textRow} from '../cli/rows.ts';
import {misuse} from '../cli/usage.ts';
import {settledDocument} from '../documents/mention.ts';
import type {Action} from '../model/action.ts';
import {describeResult} from '../view/result.ts';

export const drop = command({
	name: 'drop',
	group: 'control',
	summary: 'Drop held mentions for good.',
	arguments: [
		{
			...heldArgument,
			help: 'a mention as `raid mentions --held` lists it, or a channel with all of its own',
		},
	],
	flags: {all: {type: 'boolean', help: 'every held mention'}},
	examples: ['raid drop 3f2a@hailot', 'raid drop --all'],
	inSpaceOs: 'Nothing is ever held there.',
	async run({held: words}, {all = false}, {openToChange}) {
		if (all && words.length > 0) throw misuse(drop, '--all does not take a mention.');
		if (!all && words.length === 0) throw misuse(drop, 'No mention was named.');
		const backend = await openToChange();
		const held = backend.readLedger(true);
		const action: Action & {type: 'drop'} = {type: 'drop', mentions: all ? held : chooseHeld(held, words)};
		const result = await backend.perform(action);
		return {document: settledDocument(result.mentions), rows: [textRow(describeResult(action, result))]};
	},
});
