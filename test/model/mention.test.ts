import {expect, test} from 'vitest';
import {defaultLimits} from '../../src/model/limits.ts';
import {decideMention, type MentionFacts, mentionsIn} from '../../src/model/mention.ts';

const free: MentionFacts = {
	mentioned: 'agent',
	isSender: false,
	claim: null,
	sender: null,
	guard: null,
	liveHere: null,
	live: 0,
};

test.each<[string, Partial<MentionFacts>, string, string | null]>([
	['an unknown or archived name is ignored', {mentioned: 'unknown'}, 'ignored', 'unknown'],
	['the system is ignored', {mentioned: 'system'}, 'ignored', 'system'],
	['a human is called', {mentioned: 'human'}, 'called', null],
	['a call says what the sender claims', {mentioned: 'human', claim: 'blocked'}, 'called', 'blocked'],
	['an agent that mentions itself is ignored', {isSender: true}, 'ignored', 'sender'],
	['a killed sender is refused', {sender: {depth: 0, isKilled: true}}, 'refused', 'killed'],
	['a chain that is deep enough is refused', {sender: {depth: 3, isKilled: false}}, 'refused', 'depth'],
	['one level less is launched', {sender: {depth: 2, isKilled: false}}, 'launched', null],
	['a pending spawn takes the mention in', {liveHere: 'pending'}, 'merged', null],
	['a running spawn lets it wait', {liveHere: 'running'}, 'queued', 'running'],
	['a full workspace lets it wait', {live: 4}, 'queued', 'capacity'],
	['the last slot is taken', {live: 3}, 'launched', null],
	['otherwise it is launched', {}, 'launched', null],
])('%s', (_, facts, outcome, reason) => {
	expect(decideMention({...free, ...facts}, defaultLimits)).toEqual({outcome, reason});
});

test('the first row that matches wins', () => {
	const sender = {depth: 9, isKilled: true};
	expect(decideMention({...free, mentioned: 'human', isSender: true, sender}, defaultLimits).outcome).toBe(
		'called',
	);
	expect(decideMention({...free, isSender: true, sender}, defaultLimits).outcome).toBe('ignored');
	expect(decideMention({...free, liveHere: 'running', live: 4}, defaultLimits).reason).toBe('running');
});

test.each<[string, string, readonly string[]]>([
	['in order, each once, in small letters', '@prime and @Hailot, then @prime', ['prime', 'hailot']],
	[
		'punctuation ends a name',
		'(@prime), @hailot. @sonnelot: go! "@auger"',
		['prime', 'hailot', 'sonnelot', 'auger'],
	],
	['at the start of each line', '@a\n@b\r\n@c', ['a', 'b', 'c']],
	['inner hyphens and underscores', '@code-bot_2 @x- @-y', ['code-bot_2', 'x']],
	['e-mail addresses are not mentions', 'me@prime.dev, a.b+c@hailot', []],
	['package scopes are not mentions', 'npm i @types/node', []],
	['code spans hold no mentions', 'run `@prime` or ``a ` @hailot``, @auger', ['auger']],
	['a lone backtick hides nothing', "it's 5` long, @prime", ['prime']],
	['a backtick does not reach past its paragraph', 'a ` b\n\n@prime ` c', ['prime']],
	['fenced blocks hold no mentions', 'look:\n```ts\n@prime\n```\n@hailot\n~~~\n@auger\n~~~', ['hailot']],
	['a fence inside a longer fence does not end it', '````\n```\n@prime\n````\n@hailot', ['hailot']],
	['an open fence reaches to the end', '@hailot\n```\n@prime', ['hailot']],
	['a name that is too long to exist is not a mention', `@${'a'.repeat(33)}`, []],
])('mentions: %s', (_, text, names) => {
	expect(mentionsIn(text)).toEqual(names);
});

test('hostile text is read in linear time', () => {
	const ofEachLength = Array.from({length: 1400}, (_, index) => '`'.repeat(index + 1)).join(' ');
	expect(mentionsIn(`${ofEachLength} @prime`)).toEqual(['prime']);
	expect(mentionsIn(`${'`x '.repeat(300_000)}@a`)).toEqual(['a']);
});
