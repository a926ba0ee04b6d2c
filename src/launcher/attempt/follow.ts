import {setTimeout as delay} from 'node:timers/promises';
import {type Exit, finalTextOf, judge, type Verdict} from '../../model/attempt.ts';
import {formatBytes} from '../../model/bytes.ts';
import type {SpawnId} from '../../model/spawn.ts';
import {formatDuration, type Milliseconds, second} from '../../model/time.ts';
import {endAttempt} from '../../store/attempts.ts';
import {listStartable} from '../../store/claims.ts';
import {storeVersion} from '../../store/open.ts';
import {requireSameFile} from '../../store/replaced.ts';
import {findSpawn, listPendingChildIds} from '../../store/spawns.ts';
import {limitsOf, startConditions} from '../../workspace/open.ts';
import {drainOutbox, tendOutbox} from '../outbox.ts';
import {reportOnce} from '../report-once.ts';
import {startSupervisors} from '../start.ts';
import {killProcesses, processesOf, type Target} from '../stop/kill.ts';
import {endIfStopped} from '../stop/stopped.ts';
import {untilRecorded} from '../until-recorded.ts';
import {type Running, recordStart} from './attempt.ts';
import {closeFiles, readExit} from './files.ts';
import {type HangWatch, watchForHang} from './hang.ts';
import {AttemptReader} from './reader.ts';
import type {Job} from './run.ts';
import {watchProcesses} from './seen.ts';

/** How an attempt ended, and what the agent said last. */
export type AttemptOutcome = Verdict & {readonly finalText: string | null};

const tickMs: Milliseconds = 100;
const mendEveryMs: Milliseconds = 10 * second;

/**
 * Follows an attempt to its end: records its process and what its output reveals, ends it when it is asked to, or when it
 * is too silent or prints too much, starts the spawns that it asks for, and records how it ended.
 */
export async function followAttempt(job: Job, attempt: number, running: Running): Promise<AttemptOutcome> {
	try {
		return await follow(job, attempt, running);
	} finally {
		// When following failed, the agent has yet to end, and its exit code cannot be read any more.
		running.exit.catch(() => undefined);
		closeFiles(running.files);
	}
}

async function follow(job: Job, attempt: number, running: Running): Promise<AttemptOutcome> {
	const {workspace, spawn, provider} = job;
	const {store} = workspace;
	const isRecorded = spawn.process !== null && spawn.attempt === attempt;
	const recorded = untilRecorded(() => {
		if (!isRecorded) recordStart(workspace, spawn, attempt, running);
	});
	// It is awaited at the end; until then a failure is not news.
	recorded.catch(() => undefined);
	const reader = new AttemptReader(workspace, spawn, attempt, provider, running.files);
	const seen = watchProcesses(workspace, spawn, running.process);
	const target = {...spawn, process: running.process, seenProcesses: seen.processes};
	const lookAround = lookingAround(job, target);
	const whyHung = watchForHang(target);
	let ended: Verdict | null = null;
	let saidBytes = 0;
	let exit: Exit | null = null;
	while (exit === null) {
		exit = await Promise.race([running.exit, delay(tickMs, null)]);
		if (exit !== null) break;
		requireSameFile(workspace.store);
		reader.readNews();
		saidBytes += tendOutbox(workspace, spawn).bytes;
		// A full disk or a store that cannot be read, for example, must not end the supervision of an agent that works.
		try {
			seen.look();
			if (await endIfStopped(workspace, spawn, target)) continue;
			await lookAround();
			ended = (await endFlood(job, target, reader.outputBytes + saidBytes)) ?? ended;
			ended = (await endSilent(job, target, reader, whyHung)) ?? ended;
		} catch (error) {
			reportOnce(error);
		}
	}
	await endWithoutWrapper(job, target, running);
	drainOutbox(workspace, spawn);
	const isKilled = await untilRecorded(() => findSpawn(store, spawn.id)?.killedBy != null);
	const wasEnded = ended !== null || isKilled;
	const summary = reader.finish(exit, {wasEnded});
	const verdict = ended ?? judge(exit, summary, provider.hasResult);
	const {lastOutputAt} = reader;
	const end = {exit, failure: verdict.failure, lastOutputAt, isParked: verdict.status === 'parked'};
	await recorded;
	await untilRecorded(() => {
		reader.record();
		endAttempt(store, {spawn: spawn.id, attempt}, end, workspace.now());
	});
	return {...verdict, finalText: finalTextOf(summary)};
}

/** Ends what is left of an agent whose wrapper was killed alone, as by a `kill -9` of the PID that is shown. */
async function endWithoutWrapper({workspace}: Job, target: Target, {files}: Running): Promise<void> {
	// An agent that an older raid started has no wrapper.
	if (files.exit === null || readExit(files) !== null) return;
	await killProcesses(target, limitsOf(workspace).gracefulMs);
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

/** Ends an agent that printed and said too much. Returns the verdict, or null. */
async function endFlood({workspace}: Job, target: Target, bytes: number): Promise<Verdict | null> {
	const {gracefulMs, maxOutputBytes} = limitsOf(workspace);
	if (bytes <= maxOutputBytes) return null;
	await killProcesses(target, gracefulMs);
	return {status: 'failed', failure: `more than ${formatBytes(maxOutputBytes)} of output`, canPass: false};
}

/** Ends an agent that is out of quota, hangs, or is too silent. Returns the verdict, unless its output gives one. */
async function endSilent(
	job: Job,
	target: Target,
	reader: AttemptReader,
	whyHung: HangWatch,
): Promise<Verdict | null> {
	const failure = await killSilent(job, target, reader, whyHung);
	return failure === null ? null : {status: 'timeout', failure, canPass: true};
}

/** Ends an agent that is out of quota, hangs, or is too silent. Returns the reason if it was silence, else null. */
async function killSilent(
	{workspace}: Job,
	target: Target,
	reader: AttemptReader,
	whyHung: HangWatch,
): Promise<string | null> {
	const {silenceMs, isOutOfQuota} = reader;
	const limits = limitsOf(workspace);
	const {gracefulMs, killAfterMs} = limits;
	const hang = whyHung(reader, limits);
	if (isOutOfQuota || hang !== null) await killProcesses(target, gracefulMs);
	if (hang !== null) return hang;
	if (isOutOfQuota || killAfterMs === null || silenceMs < killAfterMs) return null;
	const cpuMs = processesOf(target).reduce((sum, entry) => sum + entry.cpuMs, 0);
	await killProcesses(target, gracefulMs);
	return `killed after ${formatDuration(silenceMs)} of silence, CPU ${(cpuMs / second).toFixed(1)}s total`;
}
