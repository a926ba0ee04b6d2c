import type {Key} from 'ink';
import {expect, test} from 'vitest';
import {keysOf} from '../../components/keys.ts';

function aKey(parts: Partial<Key> = {}): Key {
	const none = {
		upArrow: false,
		downArrow: false,
		leftArrow: false,
		rightArrow: false,
		pageDown: false,
		pageUp: false,
		home: false,
		end: false,
		return: false,
		escape: false,
		ctrl: false,
		shift: false,
		tab: false,
		backspace: false,
		delete: false,
		meta: false,
	};
	return {...none, ...parts} as Key;
}

test.each([
	['upArrow', 'up'],
	['rightArrow', 'right'],
	['pageUp', 'pageup'],
	['home', 'home'],
	['return', 'return'],
	['escape', 'escape'],
	['tab', 'tab'],
	['backspace', 'backspace'],
] as const)('%s is the key %s', (name, expected) => {
	expect(keysOf('', aKey({[name]: true}))).toEqual([expected]);
});

test('a key with Ctrl or Alt has a name of its own', () => {
	expect(keysOf('l', aKey({ctrl: true}))).toEqual(['ctrl-l']);
	expect(keysOf('', aKey({return: true, meta: true}))).toEqual(['alt-return']);
});

test('one chunk holds several keys, with Enter and control keys inside it', () => {
	expect(keysOf('jjx', aKey())).toEqual(['j', 'j', 'x']);
	expect(keysOf('ab\r', aKey())).toEqual(['a', 'b', 'return']);
	expect(keysOf('a\u0015b\u0017\t\u001b\u007f', aKey())).toEqual([
		'a',
		'ctrl-u',
		'b',
		'ctrl-w',
		'tab',
		'escape',
		'backspace',
	]);
});

test('a character of several code points is one key', () => {
	expect(keysOf('e\u0301👍', aKey())).toEqual(['e\u0301', '👍']);
});
