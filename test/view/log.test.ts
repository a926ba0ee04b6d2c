import {expect, test} from 'vitest';
import type {ProviderEvent} from '../../src/model/attempt.ts';
import {plainTheme} from '../../src/text/theme.ts';
import {logWriter} from '../../src/view/log.ts';

function written(...events: readonly ProviderEvent[]): readonly string[] {
	const writer = logWriter(plainTheme);
	const rows = [...events.flatMap(event => writer.write(event)), ...writer.end()];
	return rows.map(row => row.map(({text}) => text).join(''));
}

test('texts are shown whole, a call in one line, and the beginning of its result', () => {
	const result = Array.from({length: 20}, (_, index) => `line ${index}`).join('\n');

	expect(
		written(
			{type: 'session', id: 's1'},
			{type: 'text', text: 'I look.\n\nThen I act.'},
			{type: 'tool', text: 'Bash: ls\n-l'},
			{type: 'tool result', text: result},
			{type: 'usage', input: 12, output: 3, costUsd: 0.01},
			{type: 'result', isSuccess: true, text: null},
		),
	).toEqual([
		'session s1',
		'I look.',
		'',
		'Then I act.',
		'▸ Bash: ls -l',
		'  │ line 0',
		'  │ line 1',
		'  │ line 2',
		'  │ … 17 more lines',
		'tokens: 12 in, 3 out, $0.0100 by its own estimate',
		'ended well',
	]);
});

test('a text that comes in pieces is shown as lines', () => {
	const piece = (text: string): ProviderEvent => ({type: 'text', text, isContinued: true});

	expect(written(piece('one '), piece('line\nand'), piece(' another'), {type: 'tool', text: 'ls'})).toEqual([
		'one line',
		'and another',
		'▸ ls',
	]);
});

test('a text that ends with a line break leaves no empty line, a new text is a new one', () => {
	expect(written({type: 'text', text: 'one\n'}, {type: 'text', text: 'two'})).toEqual(['one', 'two']);
});

test('escape sequences that agents write do not reach the terminal', () => {
	const evil = '\u001b]0;owned\u0007\u001b[2J\u202e';
	const rows = written(
		{type: 'text', text: evil},
		{type: 'tool', text: evil},
		{type: 'tool result', text: evil},
		{type: 'error', text: evil, canPass: false},
		{type: 'session', id: evil},
	);

	expect(rows.join('')).not.toMatch(/[\u001b\u0007\u202e]/);
});
