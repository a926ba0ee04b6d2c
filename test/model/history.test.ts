import {isDeepStrictEqual} from 'node:util';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {Event} from '../../src/model/event.ts';
import {recordsAt, recordsFrom} from '../../src/model/history.ts';
import type {RaidRecord} from '../../src/model/record.ts';
import type {SpawnId} from '../../src/model/spawn.ts';
import {spawnFrom} from '../../src/model/spawn-history.ts';
import {listEvents} from '../../src/store/events.ts';
import {readEverything} from '../../src/store/everything.ts';
import {aSimulatedRaid, type Step, stepKinds} from '../helpers/simulated-raid.ts';

// STEPS=2000 SEEDS=20 plays more; SEED=7 FC_PATH=… replays one failure, as its message says.
const length = Number(process.env.STEPS ?? 300);
const seeds = Number(process.env.SEEDS ?? 4);
const first = Number(process.env.SEED ?? 1);
const path = process.env.FC_PATH;

const anyNumber = fc.nat({max: 9999});
const anyStep: fc.Arbitrary<Step> = fc.record({
	kind: fc.constantFrom(...stepKinds),
	a: anyNumber,
	b: anyNumber,
	c: anyNumber,
});

test.each(Array.from({length: path === undefined ? seeds : 1}, (_, index) => first + index))(
	'what is recorded can be rebuilt from the log alone, for any moment, seed %d',
	seed => {
		const steps = fc.array(anyStep, {minLength: length, maxLength: length, size: 'max'});
		fc.assert(fc.property(steps, playAndCompare), {
			seed,
			numRuns: 1,
			...(path === undefined ? {} : {path}),
			// A long raid takes too long to be made shorter.
			endOnFailure: length > 500,
		});
	},
	3_600_000,
);

/** Plays a raid, and compares after each step what the store says with what the log says. */
function playAndCompare(steps: readonly Step[]): void {
	const raid = aSimulatedRaid();
	const log: Event[] = [];
	const snapshots: Snapshot[] = [];
	for (const [index, step] of steps.entries()) {
		raid.take(step);
		const news = listEvents(raid.store, {after: log.at(-1)?.sequence ?? 0});
		log.push(...news);
		const recorded = readEverything(raid.store);
		expectSame(recordsFrom(log), recorded, step);
		expectEachSpawn(log, recorded, new Set(news.flatMap(event => ('spawn' in event ? [event.spawn] : []))));
		if (index % 25 === step.a % 25)
			snapshots.push({sequence: log.at(-1)?.sequence ?? 0, at: raid.clock(), recorded});
	}
	expectEachSpawn(
		log,
		readEverything(raid.store),
		new Set(log.flatMap(event => ('spawn' in event ? [event.spawn] : []))),
	);
	for (const {sequence, at, recorded} of snapshots) {
		expectSame(recordsAt(log, {sequence}), recorded, {sequence});
		// Where the clock went back, an instant may stand for another moment than this one.
		const isUnique = log.every(
			event => event.sequence < sequence || (event.sequence === sequence) === event.at <= at,
		);
		if (isUnique) expectSame(recordsAt(log, {at}), recorded, {at});
	}
	raid.end();
}

interface Snapshot {
	readonly sequence: number;
	readonly at: number;
	readonly recorded: RaidRecord;
}

function expectEachSpawn(
	log: readonly Event[],
	{spawns}: RaidRecord,
	ids: ReadonlySet<SpawnId | null>,
): void {
	for (const spawn of spawns.filter(({id}) => ids.has(id))) {
		const own = log.filter(event => 'spawn' in event && event.spawn === spawn.id);
		expectSame(spawnFrom(own), spawn, {spawn: spawn.id});
	}
}

/** Compares fast; says what differs only when something does. */
function expectSame(rebuilt: unknown, recorded: unknown, where: object): void {
	if (!isDeepStrictEqual(rebuilt, recorded)) expect(rebuilt, JSON.stringify(where)).toEqual(recorded);
}
