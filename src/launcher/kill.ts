import type {KillReport} from '../model/action.ts';
import type {ProcessIdentity, Spawn} from '../model/spawn.ts';
import type {Milliseconds} from '../model/time.ts';
import {spawnMarker, supervisorMarker} from '../process/markers.ts';
import {signalGroup, signalProcess} from '../process/signals.ts';
import {
	findMarked,
	isAlive,
	listProcesses,
	type ProcessEntry,
	processesBelow,
	readEnvironment,
} from '../process/table.ts';
import {until} from '../process/until.ts';
import {findProvider} from '../providers/index.ts';

/** The spawn whose processes are to end. */
export type Target = Pick<Spawn, 'id' | 'provider' | 'process'>;

const killWaitMs = 5000;

/**
 * Ends all processes of a spawn: the provider's gentle signal to the group, then after `gracefulMs` KILL to all that
 * belong to it, until none is left. Tools run in sessions of their own, out of the group's reach: they are listed
 * before the first signal, and found by the marker in their environment. Never signals a PID that is another's now.
 */
export async function killProcesses(spawn: Target, gracefulMs: Milliseconds): Promise<KillReport> {
	let targets = processesOf(spawn);
	const signalled = new Set(targets.map(target => target.pid));
	const gentleSignal = findProvider(spawn.provider)?.gentleSignal ?? 'SIGTERM';
	if (spawn.process !== null) signalGroup(spawn.process, gentleSignal);
	await untilGone(spawn.process, targets, gentleSignal, gracefulMs);
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

/** The living processes of a spawn: its group, all below it, and every process that carries its marker. */
export function processesOf(spawn: Target): readonly ProcessEntry[] {
	const entries = listProcesses();
	const own = isAlive(spawn.process) ? (spawn.process as ProcessIdentity).pid : null;
	const isSupervisor = ({pid}: ProcessEntry) => readEnvironment(pid, supervisorMarker) !== null;
	const below = own === null ? [] : processesBelow(own, entries, isSupervisor);
	const group = own === null ? [] : entries.filter(entry => entry.groupId === own);
	const marked = findMarked(spawnMarker).get(spawn.id) ?? [];
	const found = new Map([...group, ...below, ...marked].map(entry => [entry.pid, entry]));
	found.delete(process.pid);
	return [...found.values()];
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
