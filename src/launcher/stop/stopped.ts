import {operatorIdentity} from '../../model/agent.ts';
import type {EndStatus, Spawn} from '../../model/spawn.ts';
import {isFromBeforeStop} from '../../model/stopped.ts';
import type {Milliseconds} from '../../model/time.ts';
import {markKilled} from '../../store/life.ts';
import {limitsOf, type Workspace} from '../../workspace/open.ts';
import {lastStop} from '../../workspace/stop-file.ts';
import {killProcesses, type Target} from './kill.ts';

/** True for a spawn that was asked for before the operator stopped everything, and that nobody has released since. */
export function isStopped({home, now}: Workspace, spawn: Spawn): boolean {
	return isFromBeforeStop(spawn, lastStop(home, now()));
}

/** Ends the processes of a spawn that a stop includes; for that it needs no store. False when no stop does. */
export async function endIfStopped(workspace: Workspace, spawn: Spawn, target: Target): Promise<boolean> {
	if (!isStopped(workspace, spawn)) return false;
	await killProcesses(target, gracefulOf(workspace));
	return true;
}

/** The time between TERM and KILL, also when the store cannot say whether it was changed. */
export function gracefulOf(workspace: Workspace): Milliseconds {
	try {
		return limitsOf(workspace).gracefulMs;
	} catch {
		return workspace.config.limits.gracefulMs;
	}
}

/**
 * Records that the operator ended a spawn which everything that was stopped includes, because the stop itself may not have
 * been able to. What the agent had completed stays completed.
 */
export function heedStop(workspace: Workspace, spawn: Spawn, status: EndStatus): void {
	if (status === 'completed' || !isStopped(workspace, spawn)) return;
	markKilled(workspace.store, spawn.id, operatorIdentity, workspace.now());
}
