import {readdirSync, readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {expect, test} from 'vitest';
import type {Binding} from '../../src/dashboard/binding.ts';
import {labelOfKey} from '../../src/dashboard/key-labels.ts';
import {heardBindings, keymap, shownKeyOf} from '../../src/dashboard/keymap.ts';
import type {MentionRecord} from '../../src/model/mention.ts';
import type {MessageWithMentions} from '../../src/model/message.ts';
import {aMessage, aRaid, aSpawn, noon} from '../helpers/builders.ts';
import {anOperator} from '../helpers/operator.ts';

const root = aSpawn({id: '1-aaaa', agent: 'sonnelot'});
const child = aSpawn({id: '2-bbbb', parentId: '1-aaaa'});
const held: MentionRecord = {
	messageId: 'n0',
	identity: 'hailot',
	outcome: 'held',
	reason: 'leash',
	spawnId: null,
	decidedAt: noon,
};
const messages: readonly MessageWithMentions[] = [
	aMessage({id: 'n0', mentions: [held]}),
	...Array.from({length: 99}, (_, index) => aMessage({id: `n${index + 1}`, text: `text ${index + 1}`})),
];
const raid = aRaid({
	spawns: [root, child],
	messages,
	held: 1,
	channels: ['general', 'review'].map(name => ({
		name,
		topic: null,
		messages: 100,
		lastMessageAt: noon,
		createdAt: noon,
		archivedAt: null,
		failuresInARow: 0,
	})),
});
const selectedRoot = {chain: {selected: '1-aaaa'}};
const openComposer = {focus: 'composer'};

/** For each binding the keys before it, and the view or the effect after it. */
const presses: Readonly<Record<string, {before?: readonly string[]; view?: object; effect?: object}>> = {
	'chain.next': {before: ['k'], view: {panes: {chain: {selected: '2-bbbb'}}}},
	'chain.previous': {view: {panes: selectedRoot}},
	'chain.first': {view: {panes: selectedRoot}},
	'chain.last': {before: ['g'], view: {panes: {chain: {selected: '2-bbbb'}}}},
	'chain.mention': {view: {...openComposer, drafts: new Map([['general', {text: '@hailot ', cursor: 8}]])}},
	'chain.kill': {view: {dialogs: [{type: 'question', text: 'Kill hailot #bbbb?'}]}},
	'tail.back': {view: {panes: {tail: {type: 'scrolled'}}}},
	'tail.forward': {before: ['pageup'], view: {panes: {tail: {type: 'following'}}}},
	'channel.message': {view: openComposer},
	'channel.choose': {view: {dialogs: [{type: 'channels', chosen: 'general'}]}},
	'channel.hold': {
		effect: {type: 'perform', action: {type: 'hold', scope: {type: 'channel', channel: 'general'}}},
	},
	'channel.release': {view: {dialogs: [{type: 'question', text: '1 held in #general: @hailot'}]}},
	'raid.newest': {
		before: ['k', 'pageup'],
		view: {panes: {chain: {selected: null}, tail: {type: 'following'}}},
	},
	'raid.redraw': {effect: {type: 'repaint'}},
	'raid.suspend': {effect: {type: 'suspend'}},
	'raid.help': {view: {dialogs: [{type: 'help', scrolled: 0}]}},
	'raid.quit': {effect: {type: 'quit'}},
	'composer.send': {
		before: ['m', 'x'],
		view: {focus: 'chain', drafts: draft('', 0)},
		effect: {type: 'perform', action: {type: 'post', channel: 'general', text: 'x', as: null, claim: null}},
	},
	'composer.new-line': {before: ['m', 'x'], view: {drafts: draft('x\n', 2)}},
	'composer.complete': {before: ['m', ...'@ha'], view: {drafts: draft('@hailot ', 8)}},
	'composer.leave': {before: ['m', 'x'], view: {focus: 'chain', drafts: draft('x', 1)}},
	'composer.erase': {before: ['m', ...'ab'], view: {drafts: draft('a', 1)}},
	'composer.erase-word': {before: ['m', ...'ab cd'], view: {drafts: draft('ab ', 3)}},
	'composer.erase-all': {before: ['m', ...'ab cd', 'left'], view: {drafts: draft('d', 0)}},
	'composer.left': {before: ['m', ...'ab'], view: {drafts: draft('ab', 1)}},
	'composer.right': {before: ['m', ...'ab', 'left', 'left'], view: {drafts: draft('ab', 1)}},
	'composer.start': {before: ['m', ...'ab'], view: {drafts: draft('ab', 0)}},
	'composer.end': {before: ['m', ...'ab', 'home'], view: {drafts: draft('ab', 2)}},
	'channels.next': {before: ['c'], view: {dialogs: [{type: 'channels', chosen: 'review'}]}},
	'channels.previous': {before: ['c', 'j'], view: {dialogs: [{type: 'channels', chosen: 'general'}]}},
	'channels.show': {before: ['c', 'j'], view: {dialogs: [], channel: 'review'}},
	'channels.back': {before: ['c', 'j'], view: {dialogs: [], channel: 'general'}},
	'help.down': {before: ['?'], view: {dialogs: [{type: 'help', scrolled: 1}]}},
	'help.up': {before: ['?', 'j', 'j'], view: {dialogs: [{type: 'help', scrolled: 1}]}},
	'help.back': {before: ['?', 'j'], view: {dialogs: []}},
};
const bindings = keymap.flatMap(section => section.bindings);

function draft(text: string, cursor: number) {
	return new Map([['general', {text, cursor}]]);
}

test.each(bindings.flatMap(({id, keys}) => keys.map(key => [key, id] as const)))('%s is %s', (key, id) => {
	const {before = [], view, effect} = presses[id] ?? {};
	const operator = anOperator(raid, {width: 80, height: 24}).press(...before);
	const before_ = operator.effects.length;
	operator.press(key);

	expect(view ?? effect).toBeDefined();
	if (view !== undefined) expect(operator.view()).toMatchObject(view);
	expect(operator.effects.slice(before_)).toEqual(effect === undefined ? [] : [effect]);
	expect(operator.view().notice).toBeNull();
});

test('no key means two things at once, and every binding has a name of its own', () => {
	for (const pressed of [[], ['m'], ['c'], ['?'], ['x'], ['r']]) {
		const keys = heardBindings(
			anOperator(raid)
				.press(...pressed)
				.view(),
		).flatMap(binding => binding.keys);
		expect(keys).toEqual([...new Set(keys)]);
	}
	const ids = bindings.map(({id}) => id);
	expect(ids).toEqual([...new Set(ids)]);
	expect(ids.toSorted()).toEqual(Object.keys(presses).toSorted());
});

test('every key that an alert names exists', () => {
	const folder = resolve(import.meta.dirname, '../../src/model/alerts');
	const sources = readdirSync(folder).map(file => readFileSync(resolve(folder, file), 'utf8'));
	const named = sources.flatMap(text =>
		[...text.matchAll(/binding: [^,}]*?'([\w.]+)'/g)].map(match => match[1]),
	);

	expect(named).toContain('chain.kill');
	for (const id of named) expect(bindings.map(binding => binding.id)).toContain(id);
});

test('keys are called as people call them', () => {
	expect(['j', 'G', '@', '?', 'down', 'pageup', 'return', 'escape'].map(labelOfKey)).toEqual([
		'j',
		'G',
		'@',
		'?',
		'Down',
		'PgUp',
		'Enter',
		'Esc',
	]);
	expect(['ctrl-l', 'alt-return', 'ctrl-pageup', '-'].map(labelOfKey)).toEqual([
		'Ctrl-L',
		'Alt-Enter',
		'Ctrl-PgUp',
		'-',
	]);
	expect(shownKeyOf('chain.kill')).toBe('x');
	expect(() => shownKeyOf('chain.fly')).toThrow('There is no binding "chain.fly".');
});

test('the help names every key, off keys in brackets', () => {
	const operator = anOperator(aRaid(), {width: 40, height: 60}).press('?');
	const lines = operator.lines();
	const rowOf = ({keys, help}: Binding) =>
		lines.filter(line => line.includes(labelOfKey(keys[0] ?? '')) && line.includes(help.slice(0, 20)));

	for (const section of keymap) expect(lines).toContain(section.title);
	for (const binding of bindings) expect(rowOf(binding), binding.id).not.toEqual([]);
	expect(lines.find(line => line.includes('kill the selected'))).toMatch(/^ \(x\) {8}kill/);
	expect(lines.find(line => line.includes('redraw'))).toMatch(/^ {2}Ctrl-L {4}redraw/);
});

test('the help scrolls to its last row, and not beyond it', () => {
	const operator = anOperator(raid, {width: 40, height: 10}).press('?', ...'j'.repeat(200));
	expect(operator.lines()[7]).toContain('Esc');
	const before = operator.lines();
	expect(operator.press('k').lines()).not.toEqual(before);
	expect(operator.press('j', 'j').lines()).toEqual(before);
});
