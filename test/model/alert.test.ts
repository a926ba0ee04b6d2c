import {expect, test} from 'vitest';
import type {HoldScope} from '../../src/model/action.ts';
import {type Alert, type AlertKind, changesOf, episodeId, needsPerson} from '../../src/model/alert.ts';
import type {Call, Concerns, Failure, HeldConcern} from '../../src/model/concern.ts';
import {minute, second} from '../../src/model/time.ts';
import {aRaid, aSpawn, noon, type RaidParts} from '../helpers/builders.ts';

const aCall = (parts: Partial<Call> = {}): Call => ({
	messageId: 'm',
	channel: 'general',
	agent: 'hailot',
	spawnId: null,
	claim: null,
	text: 'I need the key',
	at: noon,
	...parts,
});

const aFailure = (parts: Partial<Failure> = {}): Failure => ({
	spawnId: 'f',
	agent: 'hailot',
	provider: 'claude',
	channel: 'general',
	failure: '401 invalid key (exit 1)',
	cause: null,
	at: noon,
	isInARow: false,
	...parts,
});

const mebibyte = 2 ** 20;
const held = (reason: string, at = noon, startsAt: number | null = null): HeldConcern => ({
	channel: 'general',
	reason,
	at,
	startsAt,
});

const alertsAt = (parts: RaidParts, at = noon) => aRaid(parts, at).alerts;
const of = (concerns: Partial<Concerns>, parts: RaidParts = {}) =>
	// Something runs, so that the raid neither is over nor stands still.
	alertsAt({spawns: [aSpawn()], ...parts, concerns});
const kindsOf = (alerts: readonly Alert[]) => alerts.map(({kind}) => kind);

const pending = aSpawn({id: 'p', status: 'pending', attempt: 0, process: null, supervisor: null});
const ended = aSpawn({id: 'e', status: 'completed', endedAt: noon});
const over = {spawns: [ended], concerns: {lastEndAt: noon, lastRunAt: noon}};
const printing = {'019a0000-0000-7000-8000-00000000abcd': {lastOutputAt: noon + 30 * minute}};

test.each<[AlertKind, string, RaidParts, number, string, RaidParts]>([
	[
		'stalled',
		'quiet',
		{spawns: [aSpawn()], facts: {[aSpawn().id]: {lastOutputAt: noon}}},
		3 * minute,
		'it prints',
		{spawns: [aSpawn()]},
	],
	[
		'no-session',
		'no session',
		{spawns: [aSpawn({sessionId: null})]},
		4 * minute,
		'it has one',
		{spawns: [aSpawn()]},
	],
	[
		'orphan',
		'gone',
		{spawns: [aSpawn()], facts: {[aSpawn().id]: {isAlive: false, isSupervised: false}}},
		0,
		'it lives',
		{spawns: [aSpawn()]},
	],
	[
		'lost',
		'unclaimed',
		{spawns: [pending]},
		30 * second,
		'a slot became free only now',
		{spawns: [pending], concerns: {freedAt: noon + 29 * second}},
	],
	[
		'stray',
		'left behind',
		{spawns: [ended], facts: {e: {strays: [7]}}},
		0,
		'they are gone',
		{spawns: [ended]},
	],
	[
		'quota',
		'no quota',
		{spawns: [aSpawn({status: 'pending', resumeAt: noon + minute})]},
		0,
		'it is back',
		{spawns: [aSpawn({status: 'pending', resumeAt: noon})]},
	],
	[
		'overdue',
		'long',
		{spawns: [aSpawn()], facts: printing},
		20 * minute,
		'it started late',
		{spawns: [aSpawn({attemptStartedAt: noon + 15 * minute})], facts: printing},
	],
	[
		'failed',
		'a failure',
		{spawns: [aSpawn()], concerns: {failures: [aFailure()]}},
		0,
		'it succeeded since',
		{spawns: [aSpawn()]},
	],
	[
		'agent-failing',
		'three in a row',
		{
			spawns: [aSpawn()],
			concerns: {failures: [1, 2, 3].map(n => aFailure({spawnId: `${n}`, isInARow: true}))},
		},
		0,
		'two',
		{spawns: [aSpawn()], concerns: {failures: [1, 2].map(n => aFailure({spawnId: `${n}`, isInARow: true}))}},
	],
	[
		'agent-failing',
		'no session ever',
		{
			spawns: [aSpawn()],
			concerns: {sessionless: [{agent: 'hailot', provider: 'claude', count: 2, spawnId: 'e', at: noon}]},
		},
		0,
		'a session',
		{spawns: [aSpawn()]},
	],
	[
		'called',
		'a call',
		{spawns: [aSpawn()], concerns: {calls: [aCall()]}},
		0,
		'a call that says done',
		{spawns: [aSpawn()], concerns: {calls: [aCall({claim: 'done'})]}},
	],
	[
		'blocked',
		'a blocked agent',
		{spawns: [aSpawn()], concerns: {calls: [aCall({claim: 'blocked'})]}},
		0,
		'it says done later',
		{spawns: [aSpawn()], concerns: {calls: [aCall({claim: 'blocked'}), aCall({claim: 'done'})]}},
	],
	[
		'held',
		'stopped',
		{spawns: [aSpawn()], concerns: {held: [held('stopped')]}},
		0,
		'nothing is held',
		{spawns: [aSpawn()]},
	],
	[
		'leash',
		'beyond the leash',
		{spawns: [aSpawn()], concerns: {held: [held('leash')]}},
		0,
		'nothing is held',
		{spawns: [aSpawn()]},
	],
	[
		'breaker',
		'five failures',
		{spawns: [aSpawn()], concerns: {failuresInARow: new Map([['general', [1, 2, 3, 4, 5]]])}},
		0,
		'four',
		{spawns: [aSpawn()], concerns: {failuresInARow: new Map([['general', [1, 2, 3, 4]]])}},
	],
	[
		'idle',
		'held and nothing runs',
		{spawns: [ended], concerns: {held: [held('hold')]}},
		0,
		'something runs',
		{spawns: [aSpawn()], concerns: {held: [held('hold')]}},
	],
	[
		'disk',
		'little room',
		{spawns: [aSpawn()], disk: {freeBytes: 900 * mebibyte, totalBytes: 500_000 * mebibyte}},
		0,
		'a gibibyte and a half is free',
		{
			spawns: [aSpawn()],
			disk: {freeBytes: 1536 * mebibyte, totalBytes: 500_000 * mebibyte},
		},
	],
	['over', 'all has ended', over, 0, 'something is queued', {...over, spawns: [ended, pending]}],
])('%s (%s) is raised, and ends when %s', (kind, _, open, age, __, closed) => {
	expect(kindsOf(alertsAt(open, noon + age))).toContain(kind);
	expect(kindsOf(alertsAt(closed, noon + age))).not.toContain(kind);
});

test('a raid in which all goes well has no alerts', () => {
	expect(alertsAt({})).toEqual([]);
	expect(of({})).toEqual([]);
	expect(of({lastEndAt: noon, lastRunAt: noon}, {spawns: [ended, aSpawn(), pending]})).toEqual([]);
});

test('blocked agents and calls come first, then the worst, then the oldest', () => {
	const alerts = of(
		{
			calls: [aCall(), aCall({agent: 'prime', claim: 'blocked', at: noon + minute})],
			held: [held('settled', noon - minute), held('hold', noon + 1)],
			failures: [aFailure()],
		},
		{spawns: [aSpawn(), ended], facts: {e: {strays: [7]}}},
	);
	expect(kindsOf(alerts)).toEqual(['blocked', 'called', 'stray', 'failed', 'held', 'held']);
	expect(alerts.map(({severity}) => severity)).toEqual([
		'critical',
		'critical',
		'critical',
		'warning',
		'warning',
		'notice',
	]);
});

test('notices, and what was acknowledged, need no person', () => {
	const alerts = of({calls: [aCall()], held: [held('settled')]});
	const [called] = alerts;
	expect(needsPerson(alerts)).toEqual([called]);
	expect(needsPerson(alerts.map(alert => ({...alert, acknowledgedAt: noon})))).toEqual([]);
});

test('two observers name an episode alike, whenever they look, and two episodes differ', () => {
	const facts = {[aSpawn().id]: {lastOutputAt: noon}};
	const parts = {spawns: [aSpawn()], facts, concerns: {calls: [aCall()]}};
	const now = alertsAt(parts, noon + 4 * minute);
	const later = alertsAt(parts, noon + 9 * minute);
	const again = alertsAt(
		{...parts, facts: {[aSpawn().id]: {lastOutputAt: noon + 5 * minute}}},
		noon + 9 * minute,
	);

	expect(kindsOf(now)).toEqual(['called', 'stalled']);
	expect(later.map(({id, since}) => [id, since])).toEqual(now.map(({id, since}) => [id, since]));
	expect(again.map(({id}) => id)).not.toContain(now[1]?.id);
	expect(now[0]?.id).toMatch(/^[\da-f]{8}$/);
});

test('failures of one cause are one alert, whose agents it names', () => {
	const [alert, ...more] = of({
		failures: [aFailure(), aFailure({agent: 'oplot', spawnId: 'g', at: noon + second})],
	});
	expect(more).toEqual([]);
	expect(alert).toMatchObject({
		text: '2 spawns of hailot, oplot failed: 401 invalid key (exit 1)',
		since: noon,
		help: {command: 'raid retry', spawn: 'g', binding: null},
	});
});

test('agents whose process merely ended have no cause in common', () => {
	const failure = 'exit 1';
	expect(of({failures: [aFailure({failure}), aFailure({failure, agent: 'oplot'})]})).toHaveLength(2);
});

const recordOf = ({id, kind, subject, since}: Alert, acknowledgedAt: number | null, closedAt = null) => ({
	id,
	kind,
	subject,
	since,
	acknowledgedAt,
	closedAt,
});

test('what comes after an acknowledgement is a new episode', () => {
	const first = aFailure();
	const second = aFailure({spawnId: 'g', at: noon + minute});
	const [before] = of({failures: [first]}) as [Alert];
	const recorded = [recordOf(before, noon + 30)];
	const after = of({failures: [first, second], recorded});

	expect(of({failures: [first], recorded})).toEqual([{...before, acknowledgedAt: noon + 30}]);
	// What is known comes last.
	expect(after.map(({since, acknowledgedAt}) => [since, acknowledgedAt])).toEqual([
		[noon + minute, null],
		[noon, noon + 30],
	]);
	expect(after[0]?.id).not.toBe(before.id);
});

test('an episode keeps its name when its first failure is settled and a later one is not', () => {
	const [first, second] = [aFailure(), aFailure({agent: 'oplot', spawnId: 'g', at: noon + minute})];
	const [before] = of({failures: [first, second]}) as [Alert];
	const [after] = of({failures: [second], recorded: [recordOf(before, null)]}) as [Alert];

	expect(after.id).toBe(before.id);
	expect(of({failures: [second], recorded: [recordOf(before, noon + 30)]})[0]).toMatchObject({
		since: noon + minute,
		acknowledgedAt: null,
	});
});

test('a standstill says what waits, the most urgent first, and how to continue', () => {
	const concerns = {calls: [aCall()], held: [held('hold'), held('hold')], lastRunAt: noon - minute};
	expect(alertsAt({spawns: [ended], concerns}).find(({kind}) => kind === 'idle')).toMatchObject({
		text: 'Nothing runs, and nothing will start by itself: hailot waits for an answer in #general, 2 mentions are held in #general (hold)',
		since: noon - minute,
		help: {command: "raid send general 'your answer'", binding: 'channel.message'},
	});
});

test('the help for what a hold holds lifts that hold, be it of the channel, of an agent or of all', () => {
	const helpUnder = (...holds: readonly HoldScope[]) =>
		of({held: [held('hold')]}, {holds}).find(({kind}) => kind === 'held')?.help?.command;

	expect(helpUnder({type: 'channel', channel: 'general'})).toBe('raid release general');
	expect(helpUnder({type: 'agent', agent: 'hailot'})).toBe('raid release --agent hailot');
	expect(helpUnder({type: 'channel', channel: 'general'}, {type: 'all'})).toBe('raid release');
	expect(of({held: [held('settled')]})[0]?.help?.command).toBe('raid release general --all');
});

test('mentions that are held after an acknowledgement are called more', () => {
	const [first, second] = [held('settled'), {...held('settled'), at: noon + minute}];
	const [before] = of({held: [first]}) as [Alert];
	const [fresh] = of({held: [first, second], recorded: [recordOf(before, noon + 30)]}) as [Alert];

	expect(fresh.text).toMatch(/^1 more mention is held in #general/);
});

test('a raid that waits for its quota does not stand still', () => {
	const parked = aSpawn({status: 'pending', resumeAt: noon + minute});
	expect(kindsOf(alertsAt({spawns: [parked], concerns: {held: [held('leash')]}}))).toEqual([
		'leash',
		'quota',
	]);
});

test('mentions that an open breaker holds are part of its alert', () => {
	const failuresInARow = new Map([['general', [1, 2, 3, 4, noon, noon + 1]]]);
	const [alert, ...more] = of({held: [held('breaker')], failuresInARow});

	expect(more).toEqual([]);
	expect(alert).toMatchObject({
		since: noon,
		text: 'The breaker of #general is open after 6 failures in a row: 1 mention is held',
	});
	expect(kindsOf(of({held: [held('breaker')]}))).toEqual(['held']);
});

test('nothing of ours is offered as help in a space-os', () => {
	const system = {...aRaid().system, kind: 'space-os'} as const;
	const helps = of({calls: [aCall()], failures: [aFailure()], held: [held('hold')]}, {system}).map(
		({help}) => help?.command ?? null,
	);
	expect(helps).toEqual(["bridge send general 'your answer'", null, null]);
});

test('what opened and closed is recorded once; what comes back at once, or is only a notice, is not again', () => {
	const [called, notice] = of({calls: [aCall()], held: [held('settled')]}) as [Alert, Alert];
	const closed = (alert: Alert) => ({...alert, closedAt: noon});
	const open = (alert: Alert) => ({...alert, closedAt: null});
	const changes = (alerts: readonly Alert[], recorded: Parameters<typeof changesOf>[1], age = 0) => {
		const {opened, closed} = changesOf(alerts, recorded, noon + age);
		return [...opened.map(({kind}) => `+${kind}`), ...closed.map(id => `-${id}`)];
	};

	expect(changes([called, notice], [])).toEqual(['+called', '+held']);
	expect(changes([called, notice], [open(called), open(notice)])).toEqual([]);
	expect(changes([], [open(called), closed(notice)])).toEqual([`-${called.id}`]);
	expect(changes([called, notice], [closed(called), closed(notice)], minute - 1)).toEqual([]);
	expect(changes([called, notice], [closed(called), closed(notice)], minute)).toEqual(['+called']);
});

test('what the leash lets go by itself is a notice that says when, and nothing stands still', () => {
	const starts = noon + 10 * minute;
	const concerns = {held: [held('leash', noon, starts), held('leash', noon, starts)], lastRunAt: noon};

	expect(alertsAt({spawns: [ended], concerns})).toMatchObject([
		{
			kind: 'leash',
			severity: 'notice',
			text: '2 mentions are held in #general because the leash is used up; the next starts by itself at 2026-01-01T12:10:00.000Z',
		},
	]);
});

test('a disk that fills up is a warning, then critical; what counts as little is less on a small disk', () => {
	const diskAt = (free: number, total: number) =>
		of({}, {disk: {freeBytes: free * mebibyte, totalBytes: total * mebibyte}}).filter(
			({kind}) => kind === 'disk',
		);
	const [low] = diskAt(900, 100_000);
	expect(low).toMatchObject({
		severity: 'warning',
		since: noon,
		text: '900 MiB are free on the disk of the records: a night of output may not fit',
		help: {command: 'raid prune'},
	});
	expect(diskAt(200, 100_000)).toMatchObject([{severity: 'critical'}]);
	expect(diskAt(200, 1024)).toEqual([]);
	expect(diskAt(20, 1024)).toMatchObject([{severity: 'critical'}]);
	expect(diskAt(1100, 100_000)).toEqual([]);
});

test('an open alert of the disk stays the same until there is clearly more room', () => {
	const recorded = [
		{
			id: episodeId('disk', 'low', noon - minute),
			kind: 'disk',
			subject: 'low',
			since: noon - minute,
			acknowledgedAt: noon,
			closedAt: null,
		},
	] as const;
	const freeAt = (free: number) =>
		of({recorded}, {disk: {freeBytes: free * mebibyte, totalBytes: 100_000 * mebibyte}}).filter(
			({kind}) => kind === 'disk',
		);

	expect(freeAt(1100)).toMatchObject([{since: noon - minute, acknowledgedAt: noon}]);
	expect(freeAt(1300)).toEqual([]);
	expect(freeAt(200)).toMatchObject([{severity: 'critical', acknowledgedAt: null}]);
});
