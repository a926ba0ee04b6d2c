import type {Backend} from '../backend/backend.ts';
import {type Command, command} from '../cli/command.ts';
import {chooseHeld, heldArgument} from '../cli/references.ts';
import {textRow} from '../cli/rows.ts';
import {readScope} from '../cli/scope.ts';
import {misuse} from '../cli/usage.ts';
import {settledDocument} from '../documents/mention.ts';
import type {Action} from '../model/action.ts';
import type {MentionRecord} from '../model/mention.ts';
import {presentQuery} from '../model/query.ts';
import {describeResult} from '../view/result.ts';

export const release: Command = command({
	name: 'release',
	group: 'control',
	summary: 'Lift a hold, or release held mentions.',
	arguments: [
		{
			...heldArgument,
			help: 'a channel, or mentions as `raid mentions --held` lists them',
		},
	],
	flags: {
		agent: {type: 'string', value: 'ID', help: 'end the hold of this agent'},
		all: {
			type: 'boolean',
			help: 'release every held mention, including those held as settled or by the leash',
		},
	},
	examples: ['raid release', 'raid release review', 'raid release --agent oplot', 'raid release 3f2a@hailot'],
	inSpaceOs: 'Nothing is ever held there.',
	async run({held: words}, {agent, all = false}, {openToChange}) {
		const backend = await openToChange();
		const [first] = words;
		const isChannel = first !== undefined && words.length === 1 && hasChannel(backend, first);
		const names = words.length > 0 && !isChannel;
		if (names && all) throw misuse(release, '--all does not take a mention.');
		if (names && agent !== undefined) throw misuse(release, '--agent does not take a mention.');
		if (names) return performRelease(backend, chooseHeld(backend.readLedger(true), words));
		const lift: Action & {type: 'lift'} = {type: 'lift', scope: readScope(release, first, agent)};
		const result = await backend.perform(lift);
		if (!all)
			return {document: settledDocument(result.mentions), rows: [textRow(describeResult(lift, result))]};
		const held = backend.readLedger(true);
		return performRelease(
			backend,
			held.filter(
				({channel, identity}) =>
					(first === undefined || channel === first) && (agent === undefined || identity === agent),
			),
			result.mentions,
		);
	},
});

function hasChannel(backend: Backend, name: string): boolean {
	return backend.read(presentQuery).channels.some(channel => channel.name === name);
}

/** Releases mentions, and reports them with those that the same command released before. */
async function performRelease(
	backend: Backend,
	mentions: readonly MentionRecord[],
	before: readonly MentionRecord[] = [],
) {
	const action: Action & {type: 'release'} = {type: 'release', mentions};
	const result = await backend.perform(action);
	const released = {mentions: [...before, ...result.mentions]};
	return {document: settledDocument(released.mentions), rows: [textRow(describeResult(action, released))]};
}
