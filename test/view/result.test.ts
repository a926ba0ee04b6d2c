import {expect, test} from 'vitest';
import type {Action, ResultOf, StopReport} from '../../src/model/action.ts';
import {defaultLimits} from '../../src/model/limits.ts';
import type {MentionRecord} from '../../src/model/mention.ts';
import {spawnNamesIn} from '../../src/view/names.ts';
import {describeResult, hasSurvivors} from '../../src/view/result.ts';
import {anAgent, aRaid, aSpawn, noon} from '../helpers/builders.ts';

function aMention(parts: Partial<MentionRecord> = {}): MentionRecord {
	return {
		messageId: 'm',
		identity: 'hailot',
		outcome: 'launched',
		reason: null,
		spawnId: 'id-1234',
		decidedAt: noon,
		...parts,
	};
}

function aReport(parts: Partial<StopReport> = {}): StopReport {
	return {id: 'id-1234', agent: 'hailot', hadEnded: false, signalled: [7, 8], survivors: [], ...parts};
}

/** Describes the result of an action of which only the type matters. */
function said<T extends Action['type']>(type: T, result: ResultOf<Extract<Action, {type: T}>>): string {
	return describeResult({type} as unknown as Action, result as ResultOf<Action>);
}

test('a post names the outcome of each mention', () => {
	const held = aMention({identity: 'prime', outcome: 'held', reason: 'leash', spawnId: null});
	expect(said('post', {messageId: 'm', isPosted: true, mentions: []})).toBe('Posted.');
	expect(said('post', {messageId: 'm', isPosted: true, mentions: [aMention(), held]})).toBe(
		'Posted: @hailot launched #1234, @prime held (leash).',
	);
});

test('a message that waits in the outbox is accepted, and need not be sent again', () => {
	expect(said('post', {messageId: 'm', isPosted: false, mentions: []})).toBe(
		'Accepted: message m is kept, and the supervisor will post it. Do not send it again.',
	);
});

test.each([
	[aReport(), 'hailot #1234 was killed (pid 7, 8).'],
	[aReport({signalled: []}), 'hailot #1234 was killed (no process ran).'],
	[aReport({hadEnded: true}), 'hailot #1234 had already ended.'],
	[aReport({survivors: [8]}), 'hailot #1234 was killed, but these still live: 8.'],
	[aReport({restartedAs: [9]}), 'hailot #1234 was stopped, but it runs again as PID 9.'],
])('a stop says what became of the spawn: %#', (report, text) => {
	expect(said('stop', {spawns: [report]})).toBe(text);
});

test('a stop after which something lives is a problem', () => {
	expect(hasSurvivors({spawns: [aReport(), aReport({survivors: [8]})]})).toBe(true);
	expect(hasSurvivors({spawns: [aReport({restartedAs: [9]})]})).toBe(true);
	expect(hasSurvivors({spawns: [aReport()]})).toBe(false);
	expect(said('stop', {spawns: []})).toBe('Nothing is live.');
});

test('every other action has a result in one line', () => {
	const scope = {type: 'channel', channel: 'general'} as const;
	expect(said('hold', {scope})).toBe('#general is on hold: agents start nothing new.');
	expect(said('hold', {scope: {type: 'all'}})).toBe('All channels are on hold: agents start nothing new.');
	const nothing = {scope, wasHeld: false, isStillHeld: false, mentions: []};
	expect(said('lift', {...nothing, wasHeld: true})).toBe('The hold is lifted.');
	expect(said('lift', {...nothing, mentions: [aMention()]})).toBe('Released: @hailot launched #1234.');
	expect(said('lift', nothing)).toBe('#general is not on hold.');
	expect(said('lift', {...nothing, scope: {type: 'all'}})).toBe('Nothing is on hold.');
	expect(said('lift', {...nothing, isStillHeld: true})).toBe(
		'#general is not on hold. Everything is still on hold; lift that: raid release',
	);
	expect(said('release', {mentions: [aMention()]})).toBe('@hailot launched #1234.');
	expect(said('drop', {mentions: []})).toBe('Nothing was held.');
	expect(said('retry', {spawn: 'id-1234', isQueued: true})).toBe('Queued #1234.');
	expect(said('register', {agent: anAgent(), isNew: false})).toBe('Changed hailot.');
	expect(said('create-channel', {name: 'review'})).toBe('Created #review.');
	expect(said('set-limits', {limits: defaultLimits})).toBe('Changed the limits.');
	expect(said('clean-up', {mended: [], strays: []})).toBe('Nothing to clean up.');
	expect(said('acknowledge', {alerts: ['a', 'b']})).toBe('Acknowledged 2 alerts.');
});

test('a spawn is named as on the screen, and by the end of its id when it is not there', () => {
	const names = spawnNamesIn(aRaid({spawns: [aSpawn({id: 'aaaa-1-9999'}), aSpawn({id: 'bbbb-2-9999'})]}));
	const retry = {type: 'retry', spawn: 'x'} as const;

	expect(describeResult(retry, {spawn: 'aaaa-1-9999', isQueued: false}, names)).toBe('Launched #1-9999.');
	expect(describeResult(retry, {spawn: 'new-5678', isQueued: false}, names)).toBe('Launched #5678.');
});

test('names in a result cannot bring escape sequences to the terminal', () => {
	const evil = '\u001b]0;owned\u0007';
	const mention = aMention({identity: evil, reason: evil, spawnId: evil});
	const texts = [
		said('post', {messageId: 'm', isPosted: true, mentions: [mention]}),
		said('stop', {spawns: [aReport({id: evil, agent: evil})]}),
		said('hold', {scope: {type: 'channel', channel: evil}}),
	];
	expect(texts.join('')).not.toMatch(/[\u001b\u0007]/);
});
