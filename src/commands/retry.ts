import {command} from '../cli/command.ts';
import {chooseSpawn} from '../cli/references.ts';
import {textRow} from '../cli/rows.ts';
import type {Action} from '../model/action.ts';
import {describeResult} from '../view/result.ts';

export const retry = command({
	name: 'retry',
	group: 'control',
	summary: 'Start an ended spawn again: the same agent, channel and mentions.',
	arguments: [{name: 'spawn', type: 'spawn'}],
	examples: ['raid retry 3f2a'],
	inSpaceOs: 'Mention the agent again: bridge send CHANNEL MESSAGE --as HUMAN',
	async run({spawn}, _, {openToChange}) {
		const backend = await openToChange();
		const action: Action & {type: 'retry'} = {type: 'retry', spawn: chooseSpawn(backend, spawn)};
		const result = await backend.perform(action);
		return {document: {...result}, rows: [textRow(describeResult(action, result))]};
	},
});
