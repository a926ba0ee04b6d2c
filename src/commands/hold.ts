import {type Command, command} from '../cli/command.ts';
import {textRow} from '../cli/rows.ts';
import {readScope} from '../cli/scope.ts';
import {heldDocument} from '../documents/control.ts';
import type {Action} from '../model/action.ts';
import {describeResult} from '../view/result.ts';

export const hold: Command = command({
	name: 'hold',
	group: 'control',
	summary: 'Stop agents from starting anything new; running agents continue.',
	arguments: [{name: 'channel', type: 'channel', isOptional: true}],
	flags: {agent: {type: 'string', value: 'ID', help: 'hold the mentions of this agent, in every channel'}},
	examples: ['raid hold', 'raid hold review', 'raid hold --agent oplot'],
	inSpaceOs: 'It cannot hold anything; spawn stop ID ends a spawn.',
	async run({channel}, {agent}, {openToChange}) {
		const action: Action & {type: 'hold'} = {type: 'hold', scope: readScope(hold, channel, agent)};
		const result = await (await openToChange()).perform(action);
		return {document: heldDocument(result.scope), rows: [textRow(describeResult(action, result))]};
	},
});
