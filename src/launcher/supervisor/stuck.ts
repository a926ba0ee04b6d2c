import {placeOf} from '../../model/place.ts';
import type {ProcessIdentity, Spawn} from '../../model/spawn.ts';
import {describeStandstill, isHopeless, isStuck, type Standstill} from '../../model/supervisor.ts';
import {type Milliseconds, second} from '../../model/time.ts';
import {signalProcess} from '../../process/signals.ts';
import {isAlive} from '../../process/table.ts';
import {until} from '../../process/until.ts';
import {noteStuck} from '../../store/life.ts';
import {listLiveSpawns} from '../../store/spawns.ts';
import type {Workspace} from '../../workspace/open.ts';
import {reportOnce} from '../report-once.ts';
import {standstillOf} from './heartbeat.ts';

const killWaitMs: Milliseconds = 2 * second;

/**
 * Ends supervisors that are stuck, so that others can take their places: the agents work on, and nothing of theirs is
 * lost. Without `isAsked` only those that have been stuck long enough for an operator to see it. They are signalled
 * before anything is recorded, because one may hold the lock of the store.
 */
export async function endStuckSupervisors(workspace: Workspace, isAsked = false): Promise<void> {
	const mayEnd = isAsked ? isStuck : isHopeless;
	for (const spawn of listLiveSpawns(workspace.store)) {
		const isOurs = spawn.status === 'running' && placeOf(spawn, workspace) === 'here';
		const standstill = isOurs ? standstillOf(workspace.home, spawn) : null;
		if (standstill !== null && mayEnd(standstill)) await endOne(workspace, spawn, standstill);
	}
}

async function endOne({store, now}: Workspace, spawn: Spawn, standstill: Standstill): Promise<void> {
	const {id, supervisor} = spawn;
	if (supervisor === null || !(await endSupervisor(supervisor))) return;
	try {
		noteStuck(store, id, {supervisor, evidence: describeStandstill(standstill, supervisor.pid)}, now());
	} catch (error) {
		reportOnce(error);
	}
}

/** Ends a supervisor that does not answer, without asking it. False when it lives on; true also when there is none. */
export async function endSupervisor(supervisor: ProcessIdentity | null): Promise<boolean> {
	if (supervisor === null) return true;
	// It may be this very process that stops its own spawn.
	if (supervisor.pid === process.pid) return false;
	signalProcess(supervisor, 'SIGKILL');
	return until(() => !isAlive(supervisor), killWaitMs);
}
