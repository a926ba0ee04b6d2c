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
	expect(finalTextOf(after(text('x'.repeat(60_000)), text('y'.repeat(60_000))))).toHaveLength(64 * 1024);
});
