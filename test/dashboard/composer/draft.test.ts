import {expect, test} from 'vitest';
import {
	complete,
	completions,
	draftWith,
	erase,
	insert,
	moveCursor,
	windowOf,
} from '../../../src/dashboard/composer/draft.ts';
import {anAgent, aRaid, noon} from '../../helpers/builders.ts';

const family = '👍🏽';

test('a text is inserted at the cursor', () => {
	expect(insert({text: 'ac', cursor: 1}, 'b')).toEqual({text: 'abc', cursor: 2});
});

test('a character, a word or everything before the cursor is erased', () => {
	expect(erase(draftWith(`a${family}`), 'character')).toEqual({text: 'a', cursor: 1});
	expect(erase(draftWith('one two '), 'word')).toEqual({text: 'one ', cursor: 4});
	expect(erase({text: 'one two', cursor: 4}, 'all')).toEqual({text: 'two', cursor: 0});
	expect(erase({text: 'x', cursor: 0}, 'character')).toEqual({text: 'x', cursor: 0});
});

test('the cursor moves by characters as people see them', () => {
	const draft = draftWith(`a${family}`);
	expect(moveCursor(draft, 'left').cursor).toBe(1);
	expect(moveCursor({...draft, cursor: 1}, 'right').cursor).toBe(draft.text.length);
	expect(moveCursor(draft, 'right').cursor).toBe(draft.text.length);
	expect(moveCursor(draft, 'start').cursor).toBe(0);
	expect(moveCursor({...draft, cursor: 0}, 'end').cursor).toBe(draft.text.length);
});

test('agents that can be mentioned complete a mention', () => {
	const raid = aRaid({
		agents: [
			anAgent({identity: 'sonnelot'}),
			anAgent({identity: 'sentinel'}),
			anAgent({identity: 'sam', model: null}),
			anAgent({identity: 'sid', archivedAt: noon}),
		],
	});
	expect(completions(draftWith('hi @S'), raid)).toEqual(['sonnelot', 'sentinel']);
	expect(completions(draftWith('mail me@s'), raid)).toEqual([]);
	expect(complete(draftWith('hi @so'), raid)).toEqual(draftWith('hi @sonnelot '));
	expect(complete(draftWith('hi @s'), raid)).toEqual(draftWith('hi @s'));
	expect(complete({text: '@sen now', cursor: 4}, raid)).toEqual({text: '@sentinel  now', cursor: 10});
	expect(complete(draftWith('@x'), raid)).toEqual(draftWith('@x'));
});

test('a long line is shown from where the cursor stays visible', () => {
	expect(windowOf('abcdef', 6, 10, '…')).toEqual({text: 'abcdef', column: 6});
	expect(windowOf('abcdef', 6, 4, '…')).toEqual({text: '…def', column: 4});
	expect(windowOf('宽宽宽', 6, 4, '…')).toEqual({text: '…宽', column: 3});
});
