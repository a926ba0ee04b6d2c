import type {ProcessIdentity, Spawn} from '../../model/spawn.ts';
import {type Milliseconds, second} from '../../model/time.ts';
import {spawnMarker} from '../../process/markers.ts';
import {isSupervisor} from '../../process/supervisors.ts';
import {
	isAlive,
	listProcesses,
	type ProcessEntry,
	processesBelow,
	readEnvironment,
} from '../../process/table.ts';
import {setSeenProcesses} from '../../store/life.ts';
import {impatiently} from '../../store/patience.ts';
import type {Workspace} from '../../workspace/open.ts';
import {reportOnce} from '../report-once.ts';

// macOS has no /proc: each look starts `ps`.
const lookEveryMs: Milliseconds = process.platform === 'linux' ? second : 5 * second;
const mostSeen = 64;
// Nobody waits for this: the next look records it.
const recordWithinMs: Milliseconds = 100;

/** The processes of an attempt that were seen while it ran. */
export interface Seen {
	/** Those that live, and that neither the group nor the marker shows. The list itself is kept up to date. */
	readonly processes: readonly ProcessIdentity[];
	/** Looks through the process table, if it is time to, and records what changed. */
	readonly look: () => void;
}

/**
 * Remembers which processes an agent started, by their parents and sessions. A process that empties its environment, begins
 * a session of its own and outlives its parent belongs to nobody afterwards: then only the memory shows it.
 */
export function watchProcesses(workspace: Workspace, spawn: Spawn, leader: ProcessIdentity | null): Seen {
	const processes: ProcessIdentity[] = spawn.seenProcesses.filter(isAlive);
	let lookAt = 0;
	let recorded = JSON.stringify(spawn.seenProcesses);
	const look = () => {
		if (leader === null || performance.now() < lookAt) return;
		lookAt = performance.now() + lookEveryMs;
		const seen = processesAround(leader, processes, spawn.id).slice(0, mostSeen);
		processes.splice(0, processes.length, ...seen);
		const text = JSON.stringify(seen);
		if (text === recorded) return;
		impatiently(workspace.store, recordWithinMs, () =>
			setSeenProcesses(workspace.store, spawn.id, seen, workspace.now()),
		);
		recorded = text;
	};
	return {
		processes,
		look() {
			try {
				look();
			} catch (error) {
				reportOnce(error);
			}
		},
	};
}

/** The living processes that belong to an agent, by what is known of it, and that its group and its marker do not show. */
function processesAround(
	leader: ProcessIdentity,
	known: readonly ProcessIdentity[],
	id: string,
): readonly ProcessIdentity[] {
	const entries = listProcesses();
	const isKnown = (entry: ProcessEntry) => {
		const {pid, started} =
			entry.pid === leader.pid ? leader : (known.find(one => one.pid === entry.pid) ?? {});
		return entry.pid === pid && entry.started === started;
	};
	const roots = entries.filter(isKnown);
	const below = roots.flatMap(({pid}) => processesBelow(pid, entries, isSupervisor));
	// A session has its number until its last process has ended.
	const sessions = new Set([...roots, ...below].map(({sessionId}) => sessionId));
	sessions.delete(null);
	const around = entries.filter(({sessionId}) => sessions.has(sessionId));
	const found = new Map([...roots, ...below, ...around].map(entry => [entry.pid, entry]));
	return [...found.values()]
		.filter(({pid, groupId}) => groupId !== leader.pid && readEnvironment(pid, spawnMarker) !== id)
		.map(({pid, started}) => ({pid, started}))
		.toSorted((a, b) => a.pid - b.pid);
}
