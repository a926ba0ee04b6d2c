import {expect, test} from 'vitest';
import {describeState} from '../../src/model/evidence.ts';
import {defaultLimits} from '../../src/model/limits.ts';
import type {Spawn} from '../../src/model/spawn.ts';
import {type Circumstances, type ProcessFacts, type State, stateOf} from '../../src/model/state.ts';
import type {Inactivity, Standstill} from '../../src/model/supervisor.ts';
import {formatDuration, minute, second} from '../../src/model/time.ts';
import {aSpawn, noon, someFacts} from '../helpers/builders.ts';

const since = (age: number, parts: Partial<Circumstances> = {}): Circumstances => ({
	at: noon + age,
	limits: defaultLimits,
	gaps: [],
	turn: null,
	isBlocked: false,
	elsewhere: null,
	...parts,
});

function aStandstill(inactivity: Inactivity, seconds: number): Standstill {
	return {since: noon, quietMs: seconds * second, inactivity, place: null};
}

test.each<[string, Partial<Spawn>, Partial<ProcessFacts>, number, State]>([
	['a running spawn works', {}, {}, minute, 'working'],
	['quiet for three minutes is stalled', {}, {}, 3 * minute, 'stalled'],
	['one millisecond less is not', {}, {}, 3 * minute - 1, 'working'],
	['one that never printed counts from its start', {}, {lastOutputAt: null}, 3 * minute, 'stalled'],
	[
		'without a session after three minutes',
		{sessionId: null},
		{lastOutputAt: noon + 3 * minute},
		3 * minute,
		'no-session',
	],
	[
		'a program that keeps no session needs none',
		{sessionId: null},
		{lastOutputAt: noon + 3 * minute, keepsSession: false},
		3 * minute,
		'working',
	],
	[
		'a call that is open is work while the processes use CPU time',
		{openCall: {text: 'Bash: cargo test', since: noon}, lastCpuAt: noon + 8 * minute},
		{},
		9 * minute,
		'working',
	],
	[
		'a call that is open is silence when they have not for three minutes',
		{openCall: {text: 'Bash: cargo test', since: noon}, lastCpuAt: noon + 6 * minute},
		{},
		9 * minute,
		'stalled',
	],
	[
		'CPU time without an open call does not end a silence',
		{lastCpuAt: noon + 8 * minute},
		{},
		9 * minute,
		'stalled',
	],
	['ten minutes are overdue', {}, {lastOutputAt: noon + 10 * minute}, 10 * minute, 'overdue'],
	['not started yet', {process: null}, {isAlive: false}, second, 'starting'],
	['asked to end', {killedBy: 'human'}, {}, second, 'stopping'],
	['neither process nor supervisor is an orphan', {}, {isAlive: false, isSupervised: false}, 0, 'orphan'],
	['a stopped supervisor is stuck after 30 s', {}, {standstill: aStandstill('stopped', 30)}, 0, 'stuck'],
	['not a moment before', {}, {standstill: aStandstill('stopped', 29)}, 0, 'working'],
	[
		'a blocked one too',
		{process: null},
		{isAlive: false, standstill: aStandstill('blocked', 30)},
		0,
		'stuck',
	],
	['also when it was to end', {killedBy: 'human'}, {standstill: aStandstill('blocked', 30)}, 0, 'stuck'],
	['one that waits for the store is not', {}, {standstill: aStandstill('waiting', 900)}, 0, 'working'],
	['one on a loaded machine is not', {}, {standstill: aStandstill('busy', 179)}, 0, 'working'],
	['one that computes for ever is', {}, {standstill: aStandstill('busy', 180)}, 0, 'stuck'],
	['an ended one is as it ended', {status: 'completed'}, {}, 0, 'completed'],
	['an ended one with living processes has strays', {status: 'killed'}, {strays: [7]}, 0, 'stray'],
])('%s', (_, spawn, facts, age, state) => {
	expect(stateOf(aSpawn(spawn), someFacts(facts), since(age))).toBe(state);
});

test.each<[string, Partial<Spawn>, Partial<Circumstances>, State]>([
	['expected for a moment', {}, {turn: {type: 'next', since: noon + 4 * second}}, 'starting'],
	['that no supervisor claimed for 30 s', {}, {turn: {type: 'next', since: noon}}, 'lost'],
	['behind others', {}, {turn: {type: 'behind', position: 3}}, 'queued'],
	['under a hold of its channel', {}, {turn: {type: 'held'}}, 'held'],
	['that is held itself', {hold: 'reboot'}, {}, 'held'],
	['of an earlier boot', {resumeAt: noon + minute}, {turn: {type: 'rebooted'}}, 'held'],
	['without quota', {resumeAt: noon + minute}, {}, 'quota'],
	['that was asked to end', {killedBy: 'human'}, {}, 'stopping'],
])('a pending spawn %s', (_, spawn, circumstances, state) => {
	const pending = aSpawn({status: 'pending', ...spawn});
	expect(stateOf(pending, someFacts(), since(30 * second, circumstances))).toBe(state);
});

test('a spawn that ended with an open call is blocked, but a failure stays a failure', () => {
	const blocked = since(0, {isBlocked: true});
	expect(stateOf(aSpawn({status: 'completed'}), someFacts(), blocked)).toBe('blocked');
	expect(stateOf(aSpawn({status: 'failed'}), someFacts(), blocked)).toBe('failed');
	expect(stateOf(aSpawn(), someFacts(), blocked)).toBe('working');
});

test('a stall shows its evidence', () => {
	const facts = someFacts({cpuMs: 1500});
	expect(describeState(aSpawn({sessionId: null}), 'stalled', facts, since(192 * second))).toBe(
		'no output for 3m 12s, no session, CPU 1.5s total',
	);
});

test('a long call of a tool is named with its duration, without the tool that runs commands', () => {
	const calls = (text: string) => aSpawn({openCall: {text, since: noon}});
	const evidence = (spawn: Spawn, state: State, age: number) =>
		describeState(spawn, state, someFacts(), since(age));

	expect(evidence(calls('Bash: cargo test'), 'working', 8 * minute)).toBe('in cargo test 8m 00s');
	expect(evidence(calls('Read: a.ts'), 'working', 5 * second)).toBeNull();
	expect(evidence(calls('shell: make\n all'), 'overdue', 12 * minute)).toBe(
		'running for 12m 00s, in make all 12m 00s',
	);
	expect(evidence(calls('Bash: cargo test'), 'stalled', 4 * minute)).toBe(
		'no output for 4m 00s, in cargo test 4m 00s, session seen',
	);
});

test('a stray shows its PIDs', () => {
	const evidence = (strays: readonly number[]) =>
		describeState(aSpawn({status: 'killed'}), 'stray', someFacts({strays}), since(0));
	expect(evidence([7])).toBe('has ended, but PID 7 still runs');
	expect(evidence([7, 8])).toBe('has ended, but PIDs 7, 8 still run');
});

test('durations are written for people', () => {
	expect([0, 8000, 65_000, 3_600_000, 7_380_000].map(formatDuration)).toEqual([
		'0s',
		'8s',
		'1m 05s',
		'1h 00m',
		'2h 03m',
	]);
});
