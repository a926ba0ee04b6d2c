import {expect, test} from 'vitest';
import {queryOf} from '../../src/dashboard/query.ts';
import {NotStartedError, UsageError} from '../../src/errors.ts';
import type {HoldScope} from '../../src/model/action.ts';
import type {MentionRecord} from '../../src/model/mention.ts';
import type {Raid} from '../../src/model/raid.ts';
import type {System} from '../../src/model/system.ts';
import {aMessage, aRaid, aSpawn, noon} from '../helpers/builders.ts';
import {anOperator} from '../helpers/operator.ts';

const root = aSpawn({id: '1-aaaa', agent: 'sonnelot'});
const child = aSpawn({id: '2-bbbb', parentId: '1-aaaa'});
const raid = aRaid({spawns: [root, child], channels: ['general', 'review'].map(aChannel)});
const smallest = {width: 40, height: 10};

function aChannel(name: string) {
	return {
		name,
		topic: null,
		messages: 1,
		lastMessageAt: noon,
		createdAt: noon,
		archivedAt: null,
		failuresInARow: 0,
	};
}

function heldMentions(count: number): readonly MentionRecord[] {
	return Array.from({length: count}, (_, index) => ({
		messageId: 'm',
		identity: `agent${index}`,
		outcome: 'held',
		reason: 'leash',
		spawnId: null,
		decidedAt: noon,
	}));
}

function holding(count: number): Raid {
	return aRaid({messages: [aMessage({id: 'm', mentions: heldMentions(count)})], held: count});
}

test('a message is written, completed and sent', () => {
	const operator = anOperator(raid).press('m', ...'ask @ha', 'tab', ...'now', 'return');

	expect(operator.asked()).toEqual([
		{type: 'post', channel: 'general', text: 'ask @hailot now', as: null, claim: null},
	]);
	expect(operator.view().focus).toBe('chain');
	expect(operator.press('m').input()).toBe('#general >');
});

test('an empty message is refused, and a draft outlives Escape', () => {
	expect(anOperator(raid).press('m', ' ', 'return').input()).toContain('The message is empty.');
	expect(anOperator(raid).press('m', 'x', 'escape', 'm', 'y').input()).toBe('#general > xy');
});

test('Tab that completes nothing says why', () => {
	expect(anOperator(raid).press('m', 'x', 'tab').input()).toBe(
		'#general > x  The text before the cursor is not the beginning of a mention.',
	);
});

test('a draft stays in the channel where it was written', () => {
	const operator = anOperator(raid).press('m', ...'secret', 'escape', 'c', 'j', 'return');
	operator.receive({...raid, channel: 'review'}).press('m');
	expect(operator.input()).toBe('#review >');
	operator.press('escape', 'c', 'k', 'return').receive(raid);
	expect(operator.input()).toBe('#general > secret');
});

test('a message that could not be posted is the draft again, before one that was begun meanwhile', () => {
	const operator = anOperator(raid).press('m', ...'lost', 'return');
	const [action] = operator.asked();
	if (action === undefined) throw new Error('nothing was sent');
	operator.fail(action, new UsageError('The channel is archived.'));
	expect(operator.input()).toBe('The channel is archived.');
	expect(operator.press('m').input()).toBe('#general > lost');
	operator.press('ctrl-u', ...'new').fail(action, new UsageError('The channel is archived.'));
	expect(operator.input()).toBe('#general > lost⏎new  The channel is archived.');
});

test('a message is shown until it is stored, and another one can be written meanwhile', () => {
	const operator = anOperator(raid).press('m', ...'one', 'return');
	const [action] = operator.asked();
	if (action?.type !== 'post') throw new Error('nothing was sent');
	expect(operator.input()).toBe('sending to #general > one');
	operator.press('m', ...'two');
	expect(operator.input()).toBe('#general > two');
	operator.press('escape').succeed(action, {messageId: 'm', mentions: [], isPosted: true});
	expect(operator.input()).toBe('Posted.');
	expect(operator.press('j').input()).toBe('#general > two');
});

test('what keeps the raid from being shown stands at the top until it is over', () => {
	const operator = anOperator(raid).trouble('The store is gone.');
	expect(operator.press('j').lines()[0]).toBe('! The store is gone.');
	expect(operator.trouble(null).lines()[0]).toMatch(/^raid /);
});

test('a message that is posted although its spawn could not be started is not offered again', () => {
	const operator = anOperator(raid).press('m', ...'sent', 'return');
	const [action] = operator.asked();
	if (action === undefined) throw new Error('nothing was sent');
	operator.fail(action, new NotStartedError('m-1', new Error('ENOSPC')));
	expect(operator.input()).toMatch(/The message is posted \(m-1\)/);
	expect(operator.press('m').input()).not.toContain('sent');
});

test('the first raid decides which channel is shown, whoever speaks elsewhere later', () => {
	const operator = anOperator(raid);
	expect(queryOf(operator.view()).channel).toBe('general');
	operator.receive({...raid, channel: 'review', messages: [aMessage({text: 'louder'})]});
	expect(queryOf(operator.view()).channel).toBe('general');
	expect(operator.lines().join('\n')).not.toContain('louder');
	operator.press('m', 'x', 'return');
	expect(operator.asked()).toMatchObject([{type: 'post', channel: 'general'}]);
});

test('@ begins a message to the selected agent', () => {
	expect(anOperator(raid).press('k', '@').input()).toBe('#general > @sonnelot');
	expect(anOperator(raid).press('m', 'x', 'escape', '@').input()).toBe('#general > x @hailot');
});

test('a kill is asked for, and reaches the chain only when told to', () => {
	const stop = (type: string) => ({type: 'stop', target: {type, ids: ['1-aaaa']}});
	const asked = (...keys: readonly string[]) =>
		anOperator(raid)
			.press('k', 'x', ...keys)
			.asked();

	expect(asked('y')).toEqual([stop('spawns')]);
	expect(asked('a')).toEqual([stop('chains')]);
	expect(asked('n')).toEqual([]);
	expect(asked('q', 'j', 'return')).toEqual([]);
});

test('while a question is open, the mark stays on its spawn, also when a newer one starts', () => {
	const operator = anOperator(raid).press('x');
	const newer = aSpawn({id: '3-cccc', agent: 'prime', createdAt: noon + 1});
	operator.receive(aRaid({spawns: [...raid.spawns, newer]}));

	expect(operator.input()).toBe('Kill hailot #bbbb?');
	expect(operator.lines().find(line => line.includes('▸'))).toContain('hailot #bbbb');
});

test('for an ended spawn only the kill of its live descendants is offered', () => {
	const ended = aRaid({spawns: [{...root, status: 'completed', endedAt: noon}, child]});
	const operator = anOperator(ended).press('g', 'x');

	expect(operator.footer()).toBe('a its chain (1 more)  n no');
	expect(operator.press('y').asked()).toEqual([]);
	expect(operator.press('a').asked()).toMatchObject([{type: 'stop', target: {type: 'chains'}}]);
});

test('a key that makes no sense is off in the footer, and says why', () => {
	const ended = anOperator(aRaid({spawns: [aSpawn({status: 'completed'})]}));
	expect(ended.footer()).toContain('(x kill)');
	expect(ended.press('x').input()).toBe('This spawn has already ended.');
	expect(ended.asked()).toEqual([]);

	const empty = anOperator(aRaid());
	expect(empty.footer()).toBe('(j/k select) @ mention (x kill) m message  c channel  h hold  ? help  q quit');
	expect(empty.press('j').input()).toBe('There are no spawns yet.');
	expect(empty.press('x').input()).toBe('There is no spawn to kill.');
	expect(empty.press('r').input()).toBe('No mention is held.');
	expect(
		anOperator(aRaid({held: 3}))
			.press('r')
			.input(),
	).toContain('3 elsewhere');
});

test('without a channel nothing can be written, and no key acts on one', () => {
	const operator = anOperator(aRaid({channel: null, channels: []}));
	for (const key of ['m', '@', 'c', 'h'])
		expect(operator.press(key).input()).toContain('There is no channel.');
	expect(operator.paste('x').view().focus).toBe('chain');
	expect(operator.effects).toEqual([]);
});

test('a key that the system refuses is off, and says why', () => {
	const refusals = {post: 'No posts.', stop: 'No stops.', hold: 'No holds.'};
	const system: System = {kind: 'space-os', name: 'space-os', location: '/x', note: '(read only)', refusals};
	const operator = anOperator(aRaid({spawns: [root], system}));

	expect(operator.footer()).toContain('(@ mention)(x kill)(m message)');
	expect(operator.press('m').input()).toBe('No posts.');
	expect(operator.press('@').input()).toBe('No posts.');
	expect(operator.press('x').input()).toBe('No stops.');
	expect(operator.press('h').input()).toBe('No holds.');
	expect(operator.press('r').input()).toBe('No holds.');
	expect(operator.paste('text').input()).toBe('No posts.');
	expect(operator.effects).toEqual([]);
});

test('the answers of every question are visible on the smallest screen', () => {
	const kill = anOperator(raid, smallest).press('k', 'x');
	expect(kill.input()).toBe('Kill sonnelot #aaaa?');
	expect(kill.footer()).toBe('y yes  a its chain (1 more)  n no');

	const settle = anOperator(holding(3541), smallest).press('r');
	expect(settle.input()).toMatch(/^3541 held in #general: @agent0 .*…$/);
	expect(settle.footer()).toBe('y release  d drop  n no');
});

test('many mentions are dropped only after a second question that names their number', () => {
	const many = anOperator(holding(11), smallest).press('r', 'd');
	expect(many.asked()).toEqual([]);
	expect(many.input()).toContain('Drop all 11 mentions?');
	expect(many.footer()).toBe('y drop 11  n no');
	expect(many.press('n').footer()).toBe('y release  d drop  n no');
	expect(many.press('d', 'y').asked()).toMatchObject([{type: 'drop', mentions: {length: 11}}]);
	expect(many.view().dialogs).toEqual([]);

	expect(anOperator(holding(10)).press('r', 'd').asked()).toMatchObject([{type: 'drop'}]);
	expect(anOperator(holding(500)).press('r', 'y').asked()).toMatchObject([{type: 'release'}]);
});

test('h holds the channel, and lifts the hold of the channel or of all', () => {
	const asked = (holds: readonly HoldScope[]) => anOperator(aRaid({holds})).press('h').asked();
	const channel: HoldScope = {type: 'channel', channel: 'general'};

	expect(asked([])).toEqual([{type: 'hold', scope: channel}]);
	expect(asked([channel])).toEqual([{type: 'lift', scope: channel}]);
	expect(asked([{type: 'all'}])).toEqual([{type: 'lift', scope: {type: 'all'}}]);
});

test('pasted text is text, whatever it looks like, and a dialog ignores it', () => {
	const operator = anOperator(raid).paste('q\rx y\n');
	expect(operator.input()).toBe('#general > q⏎x y⏎');
	expect(operator.effects).toEqual([]);

	const asking = anOperator(raid).press('x').paste('y');
	expect(asking.effects).toEqual([]);
	expect(asking.press('n', 'm').input()).toBe('#general >');
});

test('while a dialog is open only it hears the keys', () => {
	const operator = anOperator(raid).press('m', 'escape', 'c', 'x', 'h', '@');
	expect(operator.effects).toEqual([]);
	expect(operator.view().dialogs).toEqual([{type: 'channels', chosen: 'general'}]);
});

test('a notice is gone with the next key', () => {
	const operator = anOperator(aRaid()).press('x');
	expect(operator.press('?', 'escape').input()).toBe('#general >');
});

test('the footer of a narrow screen never loses help and quit', () => {
	expect(anOperator(raid, smallest).footer()).toBe('j/k select  @ mention  ? help  q quit');
});
