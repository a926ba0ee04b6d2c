import type {KillReport} from '../../model/action.ts';
import type {ProcessIdentity, Spawn} from '../../model/spawn.ts';
import {type Milliseconds, second} from '../../model/time.ts';
import {spawnMarker} from '../../process/markers.ts';
import {signalGroup, signalProcess} from '../../process/signals.ts';
import {isSupervisor} from '../../process/supervisors.ts';
import {
	findMarked,
	identifyChild,
	indexProcesses,
	isAlive,
	listProcesses,
	type ProcessEntry,
	type ProcessIndex,
	processesBelow,
	startTimeOf,
} from '../../process/table.ts';
import {until} from '../../process/until.ts';
import {findProvider} from '../../providers/index.ts';

/** The spawn whose processes are to end. */
export type Target = Pick<Spawn, 'id' | 'provider' | 'process'> &
	Partial<Pick<Spawn, 'seenProcesses' | 'endedAt'>>;

const killWaitMs: Milliseconds = 5 * second;
const longestGracefulMs: Milliseconds = 30 * second;
// A start time is accurate to a second or two.
const startInaccuracyMs: Milliseconds = 2 * second;

/** The time that a kill waits between TERM and KILL: an agent never keeps an operator waiting for longer than 30 s. */
export function boundedGraceful(gracefulMs: Milliseconds): Milliseconds {
	return Math.min(gracefulMs, longestGracefulMs);
}

/**
 * Ends all processes of a spawn: the provider's gentle signal to the group, then after `gracefulMs` (30 s at most) KILL to
 * all that belong to it, until none is left. Tools run in sessions of their own, out of the group's reach: they are listed
 * before the first signal, and found by the marker in their environment. Never signals a PID that is another's now.
 */
export async function killProcesses(spawn: Target, gracefulMs: Milliseconds): Promise<KillReport> {
	let targets = processesOf(spawn);
	const signalled = new Set(targets.map(target => target.pid));
	const gentleSignal = findProvider(spawn.provider)?.gentleSignal ?? 'SIGTERM';
	if (spawn.process !== null) signalGroup(spawn.process, gentleSignal);
	await untilGone(spawn.process, targets, gentleSignal, boundedGraceful(gracefulMs));
	// Each round lists the processes again, because some may start while the others die.
	const killAll = () => {
		targets = [...targets.filter(isAlive), ...processesOf(spawn)];
		if (targets.length > 0 && spawn.process !== null) signalGroup(spawn.process, 'SIGKILL');
		for (const target of targets) {
			signalled.add(target.pid);
			signalProcess(target, 'SIGKILL');
		}
		return targets.length === 0;
	};
	await until(killAll, killWaitMs);
	const survivors = [...new Set(targets.filter(isAlive).map(target => target.pid))];
	return {signalled: [...signalled], survivors};
}

/**
 * The living processes of an ended spawn that neither its marker nor its own process shows: those left in its group, and
 * those that were seen to leave it.
 */
export function leftBehind(spawn: Target, processes: ProcessIndex): readonly ProcessEntry[] {
	return [...groupOf(spawn, processes), ...seenOf(spawn, processes)];
}

/**
 * The living processes of a spawn: its group, every process that carries its marker or was seen to belong to it, and all
 * below these.
 */
export function processesOf(spawn: Target): readonly ProcessEntry[] {
	const entries = listProcesses();
	const marked = findMarked(spawnMarker).get(spawn.id) ?? [];
	const own = [...leftBehind(spawn, indexProcesses(entries)), ...marked];
	const below = own.flatMap(({pid}) => processesBelow(pid, entries, isSupervisor));
	const found = new Map([...own, ...below].map(entry => [entry.pid, entry]));
	found.delete(process.pid);
	return [...found.values()];
}

function seenOf({seenProcesses = []}: Target, {byPid}: ProcessIndex): readonly ProcessEntry[] {
	return seenProcesses.flatMap(({pid, started}) => {
		const entry = byPid.get(pid);
		return entry?.started === started && !isSupervisor(entry) ? [entry] : [];
	});
}

/**
 * The living members of a spawn's group, also when its leader is gone. The system gives the number of a group to nobody
 * while it has members; whether it was free in between is judged by the leader, the session and the time.
 */
function groupOf(
	{process: leader, endedAt = null}: Target,
	{byGroup}: ProcessIndex,
): readonly ProcessEntry[] {
	if (leader === null) return [];
	const members = byGroup.get(leader.pid) ?? [];
	if (members.length === 0) return [];
	const present = identifyChild(leader.pid);
	if (present !== null && present.started !== leader.started) return [];
	if (isAlive(leader)) return members;
	// An agent leads its session as well, and its group cannot grow for long after the record of its end.
	return members.filter(
		entry =>
			(entry.sessionId === null || entry.sessionId === leader.pid) &&
			(endedAt === null || startTimeOf(entry) <= endedAt + startInaccuracyMs) &&
			isOfThisBoot(leader, entry),
	);
}

// Where a start time begins with the boot, it says which.
function isOfThisBoot(leader: ProcessIdentity, entry: ProcessEntry): boolean {
	const bootOf = ({started}: {readonly started: string}) => /^([^-]*)-\d+$/.exec(started)?.[1] ?? null;
	return bootOf(leader) === bootOf(entry);
}

/** Waits for all to end. The CLI ends its tools itself; once it is gone, those that are left are asked one by one. */
async function untilGone(
	leader: ProcessIdentity | null,
	targets: readonly ProcessEntry[],
	gentleSignal: NodeJS.Signals,
	withinMs: Milliseconds,
): Promise<void> {
	let isAsked = false;
	const isOver = () => {
		if (!targets.some(isAlive)) return true;
		if (!isAsked && !isAlive(leader)) {
			isAsked = true;
			for (const target of targets) signalProcess(target, gentleSignal);
		}
		return false;
	};
	await until(isOver, withinMs);
}
