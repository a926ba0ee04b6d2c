import {expect, test} from 'vitest';
import {
	afterEvent,
	type Exit,
	emptySummary,
	finalTextOf,
	judge,
	type ProviderEvent,
} from '../../src/model/attempt.ts';

const exited = (code: number): Exit => ({type: 'exited', code});
const unknown: Exit = {type: 'unknown'};
const after = (...events: ProviderEvent[]) => events.reduce(afterEvent, emptySummary);
const good: ProviderEvent = {type: 'result', isSuccess: true, text: 'done'};
const bad: ProviderEvent = {type: 'result', isSuccess: false, text: null};

test('success is exit 0 and a good result; either alone is not', () => {
	expect(judge(exited(0), after(good), true).status).toBe('completed');
	expect(judge(exited(0), after(), true)).toMatchObject({
		status: 'failed',
		failure: 'exit 0 without a result',
	});
	expect(judge(exited(0), after(bad), true).status).toBe('failed');
	expect(judge(exited(1), after(good), true)).toMatchObject({status: 'failed', failure: 'exit 1'});
	expect(judge({type: 'signalled', signal: 'SIGTERM'}, after(good), true).failure).toBe('ended by SIGTERM');
});

test('a program without results is judged by its exit code alone', () => {
	expect(judge(exited(0), after(), false).status).toBe('completed');
	expect(judge(exited(2), after(), false).status).toBe('failed');
});

test('an exit code that nobody could reap is not a success unless the output says so, and is not tried again', () => {
	expect(judge(unknown, after(good), true).status).toBe('completed');
	expect(judge(unknown, after(), true)).toMatchObject({failure: 'exit code unknown', canPass: false});
	expect(judge(unknown, after(), false)).toMatchObject({failure: 'exit code unknown', canPass: false});
});

test('only failures that can pass are tried again', () => {
	const error = (canPass: boolean): ProviderEvent => ({type: 'error', text: 'overloaded', canPass});
	expect(judge(exited(1), after(error(true)), true)).toMatchObject({
		failure: 'overloaded (exit 1)',
		canPass: true,
	});
	expect(judge(exited(1), after(error(false)), true).canPass).toBe(false);
	expect(judge({type: 'not-started', reason: 'x cannot be started'}, after(), true).canPass).toBe(false);
});

test('texts that are continued make one, until a tool is called', () => {
	const text = (words: string): ProviderEvent => ({type: 'text', text: words, isContinued: true});
	expect(after(text('a'), text('b')).finalText).toBe('ab');
	expect(after(text('a'), {type: 'tool', text: 'ls'}, text('b'), text('c')).finalText).toBe('bc');
});

test('a final text above 64 Ki is cut to its end, and says so', () => {
	const text = (words: string): ProviderEvent => ({type: 'text', text: words, isContinued: true});
	const pieces = Array.from({length: 4}, () => text('x'.repeat(60 * 1024)));
	const final = finalTextOf(after(...pieces, text('the end'))) ?? '';

	expect(final.length).toBeLessThanOrEqual(64 * 1024);
	expect(final.slice(0, 70)).toMatch(/^\[the beginning, 176 KiB, was left out; the log has all of it\]\nx+$/);
	expect(final.slice(-10)).toBe('xxxthe end');
	expect(finalTextOf(after(text('short')))).toBe('short');
	const long: ProviderEvent = {type: 'result', isSuccess: true, text: 'y'.repeat(70_000)};
	expect(finalTextOf(after(text('before'), long))?.slice(0, 39)).toBe(
		'[the beginning, 4.6 KiB, was left out; ',
	);
});

test('where a line was too long to read, the answer says so; beside a tool it is not a part of the answer', () => {
	const text = (words: string): ProviderEvent => ({type: 'text', text: words, isContinued: true});
	const left: ProviderEvent = {type: 'left out', what: 'line', bytes: 200_000_000};
	expect(finalTextOf(after(left))).toBe('[a line of 191 MiB was left out]\n');
	expect(finalTextOf(after(text('before\n'), left, text('after\n')))).toBe(
		'before\n[a line of 191 MiB was left out]\nafter\n',
	);
	expect(finalTextOf(after(text('answer'), {type: 'tool', text: 'ls'}, left))).toBe('answer');
});
