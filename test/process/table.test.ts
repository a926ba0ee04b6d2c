import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {expect, onTestFinished, test} from 'vitest';
import {signalGroup, signalProcess} from '../../src/process/signals.ts';
import {
	findMarked,
	identifyChild,
	isAlive,
	listProcesses,
	ownProcess,
	type ProcessEntry,
	processesBelow,
	readArguments,
	readEnvironment,
	readProcess,
	startTimeOf,
} from '../../src/process/table.ts';
import {until} from '../helpers/wait.ts';

interface Child {
	readonly child: ChildProcess;
	readonly pid: number;
	readonly started: string;
}

/** A process that sleeps, in a group of its own; it is gone when the test is over. */
function aSleeper(env: Readonly<Record<string, string>> = {}): Child {
	const child = spawn('sleep', ['600'], {env: {...process.env, ...env}, stdio: 'ignore', detached: true});
	const identity = identifyChild(child.pid ?? 0);
	if (identity === null) throw new Error('sleep did not start');
	onTestFinished(async () => {
		if (signalProcess(identity, 'SIGKILL')) await once(child, 'exit');
	});
	return {child, ...identity};
}

const isSleeping = (pid: number) => readArguments(pid)[0] === 'sleep';

test('a process is known by its PID and its start time', () => {
	const {pid, started} = aSleeper();

	expect(readProcess(pid)).toMatchObject({pid, started, parentPid: process.pid, groupId: pid});
	expect(isAlive({pid, started})).toBe(true);
	expect(isAlive({pid, started: ownProcess().started})).toBe(false);
	expect(listProcesses().map(entry => entry.pid)).toContain(pid);
});

test('a process that got the PID of another one is never signalled', () => {
	const {pid, started} = aSleeper();
	const other = {pid, started: `${started}0`};

	expect(signalProcess(other, 'SIGKILL')).toBe(false);
	expect(signalGroup(other, 'SIGKILL')).toBe(false);
	expect(isAlive({pid, started})).toBe(true);
});

test('a signal to the group ends its leader, and a second one reaches nobody', async () => {
	const {child, pid, started} = aSleeper();
	const exited = once(child, 'exit');

	expect(signalGroup({pid, started}, 'SIGTERM')).toBe(true);
	expect(await exited).toEqual([null, 'SIGTERM']);
	expect(readProcess(pid)).toBeNull();
	expect(signalGroup({pid, started}, 'SIGTERM')).toBe(false);
});

test('processes are found by a variable of their environment, grouped by its value', async () => {
	const value = `test-${process.pid}`;
	const [first, second] = [aSleeper({RAID_TEST_MARK: value}), aSleeper({RAID_TEST_MARK: value})];
	aSleeper();
	await until('both have become sleep', () => isSleeping(first.pid) && isSleeping(second.pid));
	const found = findMarked('RAID_TEST_MARK').get(value) ?? [];

	expect(found.map(({pid}) => pid).toSorted()).toEqual([first.pid, second.pid].toSorted());
	expect(readEnvironment(first.pid, 'RAID_TEST_MARK')).toBe(value);
	expect(readEnvironment(first.pid, 'RAID_TEST')).toBeNull();
});

test('the start time of a process is an instant', () => {
	const before = Date.now();
	const {pid} = aSleeper();
	const entry = readProcess(pid) as ProcessEntry;

	expect(Math.abs(startTimeOf(entry) - before)).toBeLessThan(60_000);
});

test('descendants are found through any depth, and a cut leaves out a process and all below it', () => {
	const entries = [
		[1, 0],
		[2, 1],
		[3, 2],
		[4, 1],
		[5, 4],
		[6, 6],
	].map(([pid = 0, parentPid = 0]) => ({...entry, pid, parentPid}));
	const pids = (found: readonly ProcessEntry[]) => found.map(({pid}) => pid).toSorted();

	expect(pids(processesBelow(1, entries))).toEqual([2, 3, 4, 5]);
	expect(pids(processesBelow(1, entries, ({pid}) => pid === 4))).toEqual([2, 3]);
	expect(pids(processesBelow(6, entries))).toEqual([]);
});

const entry: ProcessEntry = {
	pid: 0,
	parentPid: 0,
	groupId: 0,
	sessionId: 0,
	isZombie: false,
	started: '',
	cpuMs: 0,
};
