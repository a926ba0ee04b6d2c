import fc from 'fast-check';
import {expect, test} from 'vitest';
import {formatLeash, type Leash, opensAt, parseLeash, spawnsLeft} from '../../src/model/leash.ts';
import {minute} from '../../src/model/time.ts';
import {listEvents} from '../../src/store/events.ts';
import {noon} from '../helpers/builders.ts';
import {aSimulatedRaid, stepKinds} from '../helpers/simulated-raid.ts';

const hour = 60 * minute;

test.each<[string, Leash | null]>([
	['16+6/h', {burst: 16, perHour: 6}],
	['16', {burst: 16, perHour: 0}],
	['0', {burst: 0, perHour: 0}],
	['0+6/h', null],
	['16+6/m', null],
	['16 + 6/h', null],
	['-1', null],
	['1.5', null],
	['', null],
	[`${'9'.repeat(100_000)}+6/h`, null],
])('a leash is a burst and how it refills: %s', (text, leash) => {
	expect(parseLeash(text)).toEqual(leash);
	if (leash !== null) expect(formatLeash(leash)).toBe(text);
});

test('a leash of 2+6/h lets two start at once, and one more each ten minutes, never above two', () => {
	const leash = {burst: 2, perHour: 6};
	const uses = [noon, noon];

	expect(spawnsLeft(leash, [], noon)).toBe(2);
	expect(spawnsLeft(leash, [noon], noon)).toBe(1);
	expect(spawnsLeft(leash, uses, noon)).toBe(0);
	expect(opensAt(leash, uses)).toBe(noon + 10 * minute);
	expect(spawnsLeft(leash, uses, noon + 10 * minute - 1)).toBe(0);
	expect(spawnsLeft(leash, uses, noon + 10 * minute)).toBe(1);
	expect(spawnsLeft(leash, uses, noon + 9 * hour)).toBe(2);
});

test('a leash that is a mere number never refills', () => {
	expect(opensAt({burst: 1, perHour: 0}, [noon])).toBeNull();
	expect(spawnsLeft({burst: 1, perHour: 0}, [noon], noon + 1000 * hour)).toBe(0);
});

test('a clock that is set back neither refills a leash nor takes from it', () => {
	const leash = {burst: 3, perHour: 6};
	expect(spawnsLeft(leash, [noon], noon - hour)).toBe(2);
	expect(spawnsLeft(leash, [noon, noon - hour, noon - hour], noon - hour)).toBe(0);
});

const anyLeash = fc.record({burst: fc.nat({max: 20}), perHour: fc.nat({max: 100})});
/** Times between attempts to start a spawn. */
const anyPauses = fc.array(fc.nat({max: 30 * minute}), {maxLength: 200});

test('whatever agents try, and whenever, no more start than the burst and what has refilled since', () => {
	fc.assert(
		fc.property(anyLeash, anyPauses, (leash, pauses) => {
			let at = noon;
			const uses: number[] = [];
			for (const pause of pauses) {
				at += pause;
				if (spawnsLeft(leash, uses, at) >= 1) uses.push(at);
			}
			for (const [index, from] of uses.entries()) {
				for (const [later, to] of uses.slice(index).entries()) {
					const started = later + 1;
					expect(started).toBeLessThanOrEqual(leash.burst + ((to - from) * leash.perHour) / hour);
				}
			}
		}),
	);
});

test('a leash that is used up opens at the very instant that it says', () => {
	fc.assert(
		fc.property(anyLeash, anyPauses, (leash, pauses) => {
			let at = noon;
			const uses = pauses.map(pause => {
				at += pause;
				return at;
			});
			const opens = opensAt(leash, uses);
			if (opens === null) expect(spawnsLeft(leash, uses, at + 1e6 * hour)).toBe(0);
			else expect(spawnsLeft(leash, uses, Math.max(at, opens))).toBeGreaterThanOrEqual(1);
			if (opens !== null && opens > at) expect(spawnsLeft(leash, uses, opens - 1)).toBe(0);
		}),
	);
});

const anyNumber = fc.nat({max: 9999});
// Only what agents do, and now and then a human: a loop as it comes in a night.
const kinds = [
	...stepKinds.filter(kind => ['claim', 'begin', 'agent posts', 'attempt succeeds', 'refill'].includes(kind)),
	'human posts' as const,
	'attempt fails' as const,
	'agent posts outside' as const,
];
const anyStep = fc.record({kind: fc.constantFrom(...kinds), a: anyNumber, b: anyNumber, c: anyNumber});

test('in no raid do agents start more spawns for one human message than its leash lets go', () => {
	fc.assert(
		fc.property(fc.array(anyStep, {minLength: 300, maxLength: 300, size: 'max'}), steps => {
			const raid = aSimulatedRaid();
			for (const step of steps) raid.take(step);
			const log = listEvents(raid.store);
			const agents = new Set(
				log.flatMap(event => (event.kind === 'message-posted' && !event.isHuman ? [event.id] : [])),
			);
			const roots = new Map<string | null, number[]>();
			for (const event of log) {
				if (event.kind === 'leash-refilled') roots.delete(event.root);
				if (event.kind !== 'spawn-created' || event.retryOf !== null || !agents.has(event.messageId ?? ''))
					continue;
				const before = roots.get(event.rootMessageId) ?? [];
				expect(spawnsLeft(raid.leash, before, event.at)).toBeGreaterThanOrEqual(1);
				roots.set(event.rootMessageId, [...before, event.at]);
			}
		}),
		// A long raid takes too long to be made shorter.
		{numRuns: 4, endOnFailure: true},
	);
}, 600_000);
