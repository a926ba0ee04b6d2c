import {setTimeout as delay} from 'node:timers/promises';
import {listHeldByLeash, nextRefill} from '../../bridge/leash.ts';
import {isElsewhere} from '../../model/place.ts';
import type {SpawnId} from '../../model/spawn.ts';
import {type Milliseconds, second} from '../../model/time.ts';
import {type ProcessEntry, readProcess, startTimeOf} from '../../process/table.ts';
import {requireSameFile} from '../../store/replaced.ts';
import {findSpawn} from '../../store/spawns.ts';
import type {Workspace} from '../../workspace/open.ts';
import {reportOnce} from '../report-once.ts';
import {startSupervisors} from '../start.ts';
import {processesOfHome} from '../stop/home-processes.ts';

// What is held is looked at often, because a stop may have ended the wait; the processes are slow to look through.
const lookEveryMs: Milliseconds = second;
const lookForOthersEveryMs: Milliseconds = 5 * second;

/**
 * Stays, after a supervisor has ended its spawn, while the leash holds something that starts by itself and nobody else is
 * there to see to it: another supervisor that is at work, or an older one that stays. `mend` starts what may start. Throws
 * a StoreReplacedError, because what a store that is gone still says would never change.
 */
export async function watchLeash(workspace: Workspace, mend: () => Promise<unknown>): Promise<void> {
	let before: ReadonlySet<number> = new Set();
	let lookForOthersAt = 0;
	while (nextRefill(workspace) !== null) {
		if (performance.now() >= lookForOthersAt) {
			lookForOthersAt = performance.now() + lookForOthersEveryMs;
			// One that is seen once may be about to end.
			const watching = new Set(othersWatching(workspace).map(({pid}) => pid));
			if ([...watching].some(pid => before.has(pid))) return;
			before = watching;
		}
		await delay(lookEveryMs);
		requireSameFile(workspace.store);
		await lookAtLeash(workspace, mend);
	}
}

/** Lets what the leash holds start, if its time has come. */
export async function lookAtLeash(workspace: Workspace, mend: () => Promise<unknown>): Promise<void> {
	const next = nextRefill(workspace);
	if (next !== null && next <= workspace.now()) await mend().catch(reportOnce);
}

/** Starts a supervisor that stays for the leash, if something will start by itself and nobody is there to see to it. */
export async function keepWatch(workspace: Workspace): Promise<void> {
	if (nextRefill(workspace) === null || watchersOf(workspace).length > 0) return;
	const senders = listHeldByLeash(workspace).map(({senderSpawnId}) => senderSpawnId);
	// Nobody here would see the one of a spawn elsewhere, and each look would start another.
	const sender = senders.find(id => {
		const spawn = id === null ? null : findSpawn(workspace.store, id);
		return spawn !== null && !isElsewhere(spawn, workspace);
	});
	// It finds that the spawn has ended, and stays.
	if (sender != null) await startSupervisors(workspace, [sender]);
}

interface Watcher extends ProcessEntry {
	/** It has a spawn to run, looks after the rest meanwhile, and asks itself at the end whether it must stay. */
	readonly isAtWork: boolean;
}

/** The living supervisors of this workspace: they run a spawn, wait for its quota, or stay for the leash. */
function watchersOf(workspace: Workspace): readonly Watcher[] {
	const {supervisors} = processesOfHome(workspace.home);
	return supervisors.flatMap(({spawn, entry}) => watcherOf(workspace, spawn, entry));
}

function watcherOf({store, ...here}: Workspace, id: SpawnId, entry: ProcessEntry): readonly Watcher[] {
	const spawn = findSpawn(store, id);
	if (spawn === null || isElsewhere(spawn, here)) return [];
	return [{...entry, isAtWork: spawn.status === 'running' && spawn.supervisor?.pid === entry.pid}];
}

/** The watchers that this process leaves the watch to. */
function othersWatching(workspace: Workspace): readonly Watcher[] {
	const own = readProcess(process.pid);
	if (own === null) return [];
	const isOlder = (other: ProcessEntry) =>
		startTimeOf(other) < startTimeOf(own) || (startTimeOf(other) === startTimeOf(own) && other.pid < own.pid);
	return watchersOf(workspace).filter(
		other => other.pid !== process.pid && (other.isAtWork || isOlder(other)),
	);
}
