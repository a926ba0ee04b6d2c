import {setTimeout as delay} from 'node:timers/promises';
import type {Verdict} from '../../model/attempt.ts';
import type {ProcessIdentity, Spawn} from '../../model/spawn.ts';
import {type Milliseconds, second} from '../../model/time.ts';
import {spawnMarker} from '../../process/markers.ts';
import {findMarked} from '../../process/table.ts';
import type {Provider} from '../../providers/provider.ts';
import {beginAttempt, countAttempts, noteRetry} from '../../store/attempts.ts';
import {findSpawn} from '../../store/spawns.ts';
import {limitsOf, type Workspace} from '../../workspace/open.ts';
import {restoreOutbox} from '../outbox.ts';
import {killProcesses} from '../stop/kill.ts';
import {isStopped} from '../stop/stopped.ts';
import {untilRecorded} from '../until-recorded.ts';
import {adoptAttempt, startAttempt} from './attempt.ts';
import {type AttemptOutcome, followAttempt} from './follow.ts';
import {prepareSpawn} from './prepare.ts';

const backoffMs: Milliseconds = second;

/** A spawn that this supervisor has claimed; `isAdopted`: its agent may run already. */
export interface Claimed extends Spawn {
	readonly isAdopted: boolean;
}

/** A spawn under supervision, with all that its attempts need. */
export interface Job {
	readonly workspace: Workspace;
	readonly spawn: Claimed;
	readonly provider: Provider;
	/** The supervisor itself. */
	readonly own: ProcessIdentity;
	/** Brings the records of the whole raid in line with the processes. */
	readonly mend: () => Promise<unknown>;
}

/** Runs attempts until one succeeds, or none is left; the outcome of the last one. Null when the spawn was asked to end before. */
export async function runAttempts(job: Job): Promise<AttemptOutcome | null> {
	const {workspace, spawn, provider, own} = job;
	const {store} = workspace;
	let {attempt} = spawn;
	let outcome: AttemptOutcome | null = null;
	if (spawn.isAdopted && attempt > 0) outcome = await followAdopted(job);
	else {
		if (attempt > 0) await killLeftovers(job);
		await untilRecorded(() => prepareSpawn(workspace, spawn, provider));
	}
	while (outcome === null || mayRetry(job, outcome)) {
		if (outcome !== null) {
			const failure = outcome.failure ?? '';
			await untilRecorded(() => noteRetry(store, {spawn: spawn.id, attempt}, failure, workspace.now()));
			await delay(backoffMs);
			await killLeftovers(job);
		}
		if (isStopped(workspace, spawn)) break;
		attempt += 1;
		const name = {spawn: spawn.id, attempt};
		if (!(await untilRecorded(() => beginAttempt(store, name, own, workspace.now())))) break;
		outcome = await followAttempt(job, attempt, await startAttempt(workspace, spawn, attempt, provider));
	}
	return outcome;
}

function followAdopted(job: Job): Promise<AttemptOutcome> {
	const {workspace, spawn} = job;
	restoreOutbox(workspace.home, spawn.id);
	return followAttempt(job, spawn.attempt, adoptAttempt(workspace, spawn, processOf(spawn)));
}

/** Ends what the attempt before left running: it must not work beside the next one. */
async function killLeftovers({workspace, spawn}: Job): Promise<void> {
	await killProcesses(findSpawn(workspace.store, spawn.id) ?? spawn, limitsOf(workspace).gracefulMs);
}

function mayRetry({workspace, spawn}: Job, {canPass}: Verdict): boolean {
	const {store} = workspace;
	if (!canPass || isStopped(workspace, spawn) || findSpawn(store, spawn.id)?.killedBy != null) return false;
	return countAttempts(store, spawn.id).failed <= limitsOf(workspace).retries;
}

/**
 * The agent's process: the recorded one, else the one that its marker shows, because a crash may come before the record.
 * Of several, the first that none of the others started: the rest are its tools.
 */
function processOf(spawn: Spawn): ProcessIdentity | null {
	if (spawn.process !== null) return spawn.process;
	const marked = findMarked(spawnMarker).get(spawn.id) ?? [];
	const pids = new Set(marked.map(entry => entry.pid));
	const found = marked.find(entry => entry.groupId === entry.pid && !pids.has(entry.parentPid));
	return found === undefined ? null : {pid: found.pid, started: found.started};
}
