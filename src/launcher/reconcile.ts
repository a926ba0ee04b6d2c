import {startRefilled} from '../bridge/leash.ts';
import type {Mended} from '../model/action.ts';
import {isElsewhere, placeOf} from '../model/place.ts';
import {type Recovery, recoveryOf} from '../model/recovery.ts';
import {isLive, type Spawn, type SpawnId} from '../model/spawn.ts';
import {spawnMarker} from '../process/markers.ts';
import {findMarked, isAlive} from '../process/table.ts';
import {holdSpawn, listStartable, unclaimSpawn} from '../store/claims.ts';
import {writing} from '../store/open.ts';
import {isBusy} from '../store/patience.ts';
import {findSpawn, listLiveSpawns} from '../store/spawns.ts';
import {startConditions, type Workspace} from '../workspace/open.ts';
import {readStopTime, setStopTime} from '../workspace/stop-file.ts';
import {endOrphanedAttempt, hasExitCode} from './attempt/orphan.ts';
import {finishSpawn} from './finish.ts';
import {closeOutboxes} from './outbox.ts';
import {reportOnce} from './report-once.ts';
import {startSupervisors, startWaiting} from './start.ts';
import {heedStop, isStopped} from './stop/stopped.ts';
import {endStuckSupervisors} from './supervisor/stuck.ts';
import {keepWatch} from './supervisor/watch-leash.ts';

/**
 * Brings the records in line with the process table: ends orphans, gives back the claims of dead supervisors, and starts
 * missing ones; where one is stuck, another takes its place, at once if the operator asked. Starts what the leash lets go.
 * Does nothing inside a spawn, because a sandbox may hide the processes of all others.
 */
export async function reconcile(workspace: Workspace, isAsked = false): Promise<readonly Mended[]> {
	if (workspace.inside !== null) return [];
	closeOutboxes(workspace);
	await endStuckSupervisors(workspace, isAsked);
	const mended = await mendSuspects(workspace, suspectsOf(workspace));
	// After the endings: they may have freed a slot, or refused what waited.
	if (startRefilled(workspace).length > 0) await startWaiting(workspace);
	await keepWatch(workspace);
	return mended;
}

async function mendSuspects(workspace: Workspace, suspects: readonly Spawn[]): Promise<readonly Mended[]> {
	if (suspects.length === 0) return [];
	const mended = await mendEach(workspace, suspects);
	// What follows a stop at a time that was never reached may start again: all that was there before is held now.
	if ((readStopTime(workspace.home) ?? 0) > workspace.now()) setStopTime(workspace.home, workspace.now());
	return mended;
}

async function mendEach(workspace: Workspace, suspects: readonly Spawn[]): Promise<readonly Mended[]> {
	const marked = new Set(findMarked(spawnMarker).keys());
	const mended: Mended[] = [];
	for (const {id, agent} of suspects) {
		try {
			const recovery = mendSpawn(workspace, id, marked);
			if (recovery !== 'none') mended.push({id, agent, recovery});
		} catch (error) {
			// One that cannot be mended must stop neither the others nor every command.
			// A spawn that another writer keeps from being mended is mended at the next look.
			if (!isBusy(error)) reportOnce(error);
		}
	}
	const unsupervised = mended
		.filter(({recovery}) => recovery === 'start' || recovery === 'unclaim' || recovery === 'adopt')
		.map(({id}) => id);
	await startSupervisors(workspace, unsupervised);
	const hasEnded = mended.some(({recovery}) => recovery === 'orphan' || recovery === 'end');
	if (hasEnded) await startWaiting(workspace);
	return mended;
}

/** The live spawns that may need mending; cheap, because every command asks. */
function suspectsOf(workspace: Workspace): readonly Spawn[] {
	const {store} = workspace;
	const startable = new Set(listStartable(store, startConditions(workspace)));
	return listLiveSpawns(store).filter(spawn => {
		if (isElsewhere(spawn, workspace)) return false;
		if (spawn.status === 'running') return !isAlive(spawn.supervisor);
		if (spawn.killedBy !== null) return true;
		if (spawn.hold === null && isStopped(workspace, spawn)) return true;
		return startable.has(spawn.id) || (placeOf(spawn, workspace) === 'rebooted' && spawn.hold === null);
	});
}

/** Decides and records in one transaction, so that of two processes that reconcile at once only one acts. */
function mendSpawn(workspace: Workspace, id: SpawnId, marked: ReadonlySet<SpawnId>): Recovery {
	const {store} = workspace;
	return writing(store, () => {
		const spawn = findSpawn(store, id);
		if (spawn === null || !isLive(spawn)) return 'none';
		const facts = {
			isAlive: isAlive(spawn.process) || marked.has(id) || hasExitCode(workspace, spawn),
			isSupervised: isAlive(spawn.supervisor),
			mayStart: listStartable(store, startConditions(workspace)).includes(id),
			place: placeOf(spawn, workspace),
			isStopped: isStopped(workspace, spawn),
		};
		const recovery = recoveryOf(spawn, facts, workspace.now());
		if (recovery === 'unclaim') unclaimSpawn(store, id, workspace.now());
		if (recovery === 'suspend') holdSpawn(store, id, 'reboot', workspace.now());
		if (recovery === 'hold') holdSpawn(store, id, 'stopped', workspace.now());
		if (recovery === 'end') finishSpawn(workspace, spawn, {status: 'killed', failure: null, finalText: null});
		if (recovery === 'orphan') {
			const ending = endOrphanedAttempt(workspace, spawn);
			heedStop(workspace, spawn, ending.status);
			finishSpawn(workspace, spawn, ending);
		}
		return recovery;
	});
}
