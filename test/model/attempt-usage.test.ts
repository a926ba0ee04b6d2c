import {expect, test} from 'vitest';
import {afterEvent, emptySummary, type ProviderEvent} from '../../src/model/attempt.ts';

const usage = (input: number, output: number, more: object = {}): ProviderEvent => ({
	type: 'usage',
	input,
	output,
	...more,
});
const after = (...events: ProviderEvent[]) => events.reduce(afterEvent, emptySummary);

test('an answer that is reported several times counts once, with the most that was reported of it', () => {
	const answers = [
		usage(100, 1, {message: 'a'}),
		usage(100, 30, {message: 'a'}),
		usage(200, 1, {message: 'b'}),
		usage(100, 1, {message: 'a'}),
	];

	expect(after(...answers).usage).toEqual({input: 300, output: 31});
});

test('a report of the whole takes the place of the answers before it', () => {
	const first = [usage(100, 1, {message: 'a'}), usage(100, 30, {isAdded: true, costUsd: 0.5})];
	const second = [usage(200, 1, {message: 'b'}), usage(210, 40, {isAdded: true, costUsd: 0.7})];

	expect(after(...first, usage(200, 1, {message: 'b'})).usage).toEqual({
		input: 300,
		output: 31,
		costUsd: 0.5,
	});
	expect(after(...first, ...second).usage).toEqual({input: 310, output: 70, costUsd: 0.7});
	expect(after(usage(100, 1, {message: 'a'}), usage(90, 30)).usage).toEqual({input: 90, output: 30});
});

test('a flood of answers is counted and not kept', () => {
	const answers = Array.from({length: 1000}, (_, index) => usage(1, 1, {message: `${index}`}));
	const summary = after(...answers);

	expect(summary.usage).toEqual({input: 1000, output: 1000});
	expect(summary.unsettled.answers.length).toBeLessThanOrEqual(100);
});

test('a refused call is counted by what was called, not by the words of the refusal', () => {
	const call = (id: string): ProviderEvent => ({type: 'tool', text: 'Bash: npm test', id});
	const denied = (id: string): ProviderEvent => ({type: 'denied', text: 'This requires approval', id});
	const summary = after(call('a'), denied('a'), call('b'), denied('b'), {
		type: 'denied',
		text: 'patch rejected',
	});

	expect(summary.denials).toEqual([
		{text: 'Bash(npm test)', count: 2},
		{text: 'patch rejected', count: 1},
	]);
});

test('a quota for which the CLI has waited in vain is known as such until there is progress', () => {
	const waits: ProviderEvent = {type: 'quota', text: 'quota', resumeAt: 5000};
	const inVain: ProviderEvent = {type: 'quota', text: 'quota', resumeAt: null, hasWaited: true};

	expect(after(waits, inVain).quota).toEqual({text: 'quota', resumeAt: null, hasWaited: true});
	expect(after(waits, inVain, {type: 'text', text: 'hi'}).quota).toBeNull();
});
