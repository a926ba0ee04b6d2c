import {expect, test} from 'vitest';
import {quotaPause} from '../../src/model/attempt.ts';
import {defaultLimits} from '../../src/model/limits.ts';
import {decideMention, type GuardFacts, holdReasonOf, type MentionFacts} from '../../src/model/mention.ts';
import {minute} from '../../src/model/time.ts';

const calm: GuardFacts = {
	isSenderDone: false,
	isMentionedDone: false,
	spawnsLeft: 1,
	failuresInARow: 0,
	providerFailuresInARow: 0,
	isOnHold: false,
};
const everything: GuardFacts = {
	isSenderDone: true,
	isMentionedDone: true,
	spawnsLeft: 0,
	failuresInARow: 99,
	providerFailuresInARow: 99,
	isOnHold: true,
};

test.each<[string, Partial<GuardFacts>, string | null]>([
	['the sender has called a human', {isSenderDone: true}, 'settled'],
	['the mentioned agent has called a human', {isMentionedDone: true}, 'settled'],
	['the leash is used up', {spawnsLeft: 0}, 'leash'],
	['one spawn is left of it', {spawnsLeft: 1}, null],
	['five failures in a row', {failuresInARow: 5}, 'breaker'],
	['four', {failuresInARow: 4}, null],
	['five spawns of a provider that is not logged in', {providerFailuresInARow: 5}, 'provider'],
	['the operator holds the channel', {isOnHold: true}, 'hold'],
	['nothing', {}, null],
])('what holds a mention: %s', (_, guard, reason) => {
	expect(holdReasonOf({...calm, ...guard}, defaultLimits)).toBe(reason);
});

test('an unguarded demo holds only what the operator holds', () => {
	const limits = {...defaultLimits, isGuarded: false};
	expect(holdReasonOf({...everything, isOnHold: false}, limits)).toBeNull();
	expect(holdReasonOf(everything, limits)).toBe('hold');
});

test('holding comes after what is refused, and before what is merged, queued or launched', () => {
	const facts: MentionFacts = {
		mentioned: 'agent',
		isSender: false,
		claim: null,
		sender: {depth: 0, isKilled: false},
		guard: everything,
		liveHere: 'running',
		live: 9,
	};
	expect(decideMention(facts, defaultLimits)).toEqual({outcome: 'held', reason: 'settled'});
	expect(decideMention({...facts, sender: {depth: 9, isKilled: false}}, defaultLimits).outcome).toBe(
		'refused',
	);
	expect(decideMention({...facts, mentioned: 'human'}, defaultLimits).outcome).toBe('called');
	expect(decideMention({...facts, guard: null}, defaultLimits).outcome).toBe('queued');
});

test('an unknown quota is asked for less and less often, at least each half hour', () => {
	expect([0, 1, 2, 3, 9].map(times => quotaPause(times) / minute)).toEqual([1, 2, 4, 8, 30]);
});
