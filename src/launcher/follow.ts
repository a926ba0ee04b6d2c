import {setTimeout as delay} from 'node:timers/promises';
import {type Exit, finalTextOf, judge, type Verdict} from '../model/attempt.ts';
import type {SpawnId} from '../model/spawn.ts';
import {formatDuration, type Milliseconds, second} from '../model/time.ts';
import {endAttempt} from '../store/attempts.ts';
import {listStartable} from '../store/claims.ts';
import {storeVersion} from '../store/open.ts';
import {requireSameFile} from '../store/replaced.ts';
import {findSpawn, listPendingChildIds} from '../store/spawns.ts';
import {limitsOf, startConditions} from '../workspace/open.ts';
import type {Running} from './attempt.ts';
import {AttemptReader} from './attempt-reader.ts';
import {killProcesses, processesOf, type Target} from './kill.ts';
import {reportOnce} from './report-once.ts';
import type {Job} from './run-attempts.ts';
import {watchProcesses} from './seen.ts';
import {startSupervisors} from './start.ts';
import {endIfStopped} from './stopped.ts';

/** How an attempt ended, and what the agent said last. */
export type AttemptOutcome = Verdict & {readonly finalText: string | null};

const tickMs: Milliseconds = 100;
const mendEveryMs: Milliseconds = 10 * second;

/**
 * Follows an attempt to its end: records what its output reveals, ends it when it is asked to or too silent, starts the
 * spawns that it asks for, and records how it ended.
 */
export async function followAttempt(job: Job, attempt: number, running: Running): Promise<AttemptOutcome> {
	const {workspace, spawn, provider} = job;
	const reader = new AttemptReader(workspace, spawn, attempt, provider);
	const seen = watchProcesses(workspace, spawn, running.process);
	const target = {...spawn, process: running.process, seenProcesses: seen.processes};
	const lookAround = lookingAround(job, target);
	let timeout: string | null = null;
	let exit: Exit | null = null;
	while (exit === null) {
		exit = await Promise.race([running.exit, delay(tickMs, null)]);
		if (exit !== null) break;
		requireSameFile(workspace.store);
		reader.readNews();
		// A full disk or a store that cannot be read, for example, must not end the supervision of an agent that works.
		try {
			seen.look();
			if (await endIfStopped(workspace, spawn, target)) continue;
			await lookAround();
			timeout = (await killSilent(job, target, reader)) ?? timeout;
		} catch (error) {
			reportOnce(error);
		}
	}
	const summary = reader.finish(exit);
	const verdict: Verdict =
		timeout === null
			? judge(exit, summary, provider.hasResult)
			: {status: 'timeout', failure: timeout, canPass: true};
	const {lastOutputAt} = reader;
	const end = {exit, failure: verdict.failure, lastOutputAt, isParked: verdict.status === 'parked'};
	endAttempt(workspace.store, {spawn: spawn.id, attempt}, end, workspace.now());
	return {...verdict, finalText: finalTextOf(summary)};
}

/** Returns what a supervisor does between two readings, as far as there are news: start children, end its own spawn, mend. */
function lookingAround({workspace, spawn, mend}: Job, target: Target): () => Promise<void> {
	const {store} = workspace;
	const started = new Set<SpawnId>();
	let seen: string | null = null;
	let mendAt = performance.now() + mendEveryMs;
	return async () => {
		if (performance.now() >= mendAt) {
			mendAt = performance.now() + mendEveryMs;
			await mend();
		}
		const version = storeVersion(store);
		if (version === seen) return;
		seen = version;
		// A child that waits for a slot is not this supervisor's to start: it must not overtake what a human asked for.
		const startable = listStartable(store, startConditions(workspace));
		const children = listPendingChildIds(store, spawn.id).filter(
			id => startable.includes(id) && !started.has(id),
		);
		for (const id of children) started.add(id);
		await startSupervisors(workspace, children);
		if (findSpawn(store, spawn.id)?.killedBy != null) {
			await killProcesses(target, limitsOf(workspace).gracefulMs);
		}
	};
}

/** Ends an agent that is out of quota, or too silent. Returns the reason if it was silence, else null. */
async function killSilent(
	{workspace}: Job,
	target: Target,
	{silenceMs, isOutOfQuota}: AttemptReader,
): Promise<string | null> {
	const {gracefulMs, killAfterMs} = limitsOf(workspace);
	if (isOutOfQuota) await killProcesses(target, gracefulMs);
	if (isOutOfQuota || killAfterMs === null || silenceMs < killAfterMs) return null;
	const cpuMs = processesOf(target).reduce((sum, entry) => sum + entry.cpuMs, 0);
	await killProcesses(target, gracefulMs);
	return `killed after ${formatDuration(silenceMs)} of silence, CPU ${(cpuMs / second).toFixed(1)}s total`;
}
