import {setTimeout as delay} from 'node:timers/promises';
import {announce} from '../bridge/post.ts';
import {quotaPause, type Verdict} from '../model/attempt.ts';
import {nameOf, type ProcessIdentity, type Spawn, type SpawnId, shortId} from '../model/spawn.ts';
import {formatDuration, type Milliseconds, minute, second} from '../model/time.ts';
import {spawnMarker} from '../process/markers.ts';
import {findMarked, isAlive, ownProcess} from '../process/table.ts';
import {findProvider} from '../providers/index.ts';
import type {Provider} from '../providers/provider.ts';
import {beginAttempt, countAttempts, noteRetry} from '../store/attempts.ts';
import {adoptSpawn, claimSpawn, listStartable, parkSpawn} from '../store/claims.ts';
import {storeVersion, writing} from '../store/open.ts';
import {findSpawn, listPendingChildIds} from '../store/spawns.ts';
import {limitsOf, startConditions, type Workspace} from '../workspace/open.ts';
import {adoptAttempt, followAttempt, type Running, recordStart, startAttempt} from './attempt.ts';
import {type Ending, finishSpawn} from './finish.ts';
import {killProcesses, processesOf} from './kill.ts';
import {prepareSpawn} from './prepare.ts';
import {reportOnce} from './report-once.ts';
import {startSupervisors, startWaiting} from './start.ts';

const backoffMs: Milliseconds = second;
const longestQuotaMs: Milliseconds = 31 * 24 * 60 * minute;
const mendEveryMs: Milliseconds = 10 * second;

/**
 * Is the supervisor of one spawn: claims it (or takes it over from a dead supervisor), runs its attempts, ends it, and
 * starts what waits. Where a quota stops the agent it waits for that, then claims anew. Returns at once when the spawn
 * is not to be had. `mend` brings the records of the whole raid in line with what holds: it is called now and then, and
 * when the spawn has ended, because nobody else may be there.
 */
export async function supervise(
	workspace: Workspace,
	spawnId: SpawnId,
	mend: () => Promise<unknown>,
): Promise<void> {
	process.title = `raid supervise ${shortId(spawnId)}`;
	const own = ownProcess();
	for (
		let spawn = takeSpawn(workspace, spawnId, own);
		spawn !== null;
		spawn = takeSpawn(workspace, spawnId, own)
	) {
		const ending = await runSpawn(workspace, spawn, own, mend);
		if (ending !== 'parked') finishSpawn(workspace, findSpawn(workspace.store, spawnId) ?? spawn, ending);
		await startWaiting(workspace);
		await mend().catch(reportOnce);
		if (ending !== 'parked' || !(await quotaIsBack(workspace, spawnId))) return;
	}
}

/** Claims a pending spawn, or a running one whose supervisor is dead. Null when it is somebody else's. */
function takeSpawn(workspace: Workspace, id: SpawnId, own: ProcessIdentity): Claimed | null {
	const {store} = workspace;
	return writing(store, () => {
		const spawn = findSpawn(store, id);
		if (spawn === null) return null;
		const isAdopted = spawn.status === 'running';
		const isTaken = isAdopted
			? !isAlive(spawn.supervisor) && adoptSpawn(store, id, own, spawn.supervisor, workspace.now())
			: claimSpawn(store, id, own, startConditions(workspace));
		if (!isTaken) return null;
		const taken = findSpawn(store, id);
		return taken === null ? null : {...taken, isAdopted};
	});
}

/** A spawn that is ours; `isAdopted`: its agent may run already. */
interface Claimed extends Spawn {
	readonly isAdopted: boolean;
}

type Result = Verdict & {readonly finalText: string | null};

async function runSpawn(
	workspace: Workspace,
	spawn: Claimed,
	own: ProcessIdentity,
	mend: () => Promise<unknown>,
): Promise<Ending | 'parked'> {
	const provider = findProvider(spawn.provider);
	if (provider === null) {
		return {status: 'failed', failure: `no provider "${spawn.provider}"`, finalText: null};
	}
	try {
		const outcome = await runAttempts(workspace, spawn, own, provider, mend);
		// Without an outcome nothing was run: the spawn was asked to end before.
		if (outcome === null) return {status: 'killed', failure: null, finalText: null};
		const {status, failure, finalText} = outcome;
		if (status !== 'parked') return {status, failure, finalText};
		return park(workspace, spawn, outcome) ? 'parked' : {status: 'killed', failure: null, finalText: null};
	} catch (error) {
		console.error(error);
		// Nothing may work on for a spawn that is recorded as failed.
		const {gracefulMs} = limitsOf(workspace);
		await killProcesses(findSpawn(workspace.store, spawn.id) ?? spawn, gracefulMs);
		const failure = `its supervisor failed: ${error instanceof Error ? error.message : error}`;
		return {status: 'failed', failure, finalText: null};
	}
}

async function runAttempts(
	workspace: Workspace,
	spawn: Claimed,
	own: ProcessIdentity,
	provider: Provider,
	mend: () => Promise<unknown>,
): Promise<Result | null> {
	const {store} = workspace;
	let {attempt} = spawn;
	let outcome: Result | null = null;
	if (spawn.isAdopted && attempt > 0) {
		const adopted = adoptAttempt(processOf(spawn));
		if (spawn.process === null) recordStart(workspace, spawn, attempt, adopted);
		outcome = await follow(workspace, spawn, attempt, provider, adopted, mend);
	} else {
		// What a parked attempt left running must not work beside the next one.
		if (attempt > 0) await killProcesses(spawn, limitsOf(workspace).gracefulMs);
		prepareSpawn(workspace, spawn, provider);
	}
	while (outcome === null || mayRetry(workspace, spawn, outcome)) {
		if (outcome !== null) {
			noteRetry(store, {spawn: spawn.id, attempt}, outcome.failure ?? '', workspace.now());
			await delay(backoffMs);
			// What the attempt before left running must not work beside the next one.
			await killProcesses(findSpawn(workspace.store, spawn.id) ?? spawn, limitsOf(workspace).gracefulMs);
		}
		attempt += 1;
		if (!beginAttempt(store, {spawn: spawn.id, attempt}, own, workspace.now())) break;
		const running = await startAttempt(workspace, spawn, attempt, provider);
		recordStart(workspace, spawn, attempt, running);
		outcome = await follow(workspace, spawn, attempt, provider, running, mend);
	}
	return outcome;
}

function mayRetry(workspace: Workspace, {id}: Spawn, {canPass}: Verdict): boolean {
	const {store} = workspace;
	if (!canPass || findSpawn(store, id)?.killedBy != null) return false;
	return countAttempts(store, id).failed <= limitsOf(workspace).retries;
}

/** Lets the spawn wait for its quota, without a place. False when it was asked to end. */
function park(workspace: Workspace, spawn: Spawn, outcome: Verdict & {status: 'parked'}): boolean {
	const {store} = workspace;
	return writing(store, () => {
		if (findSpawn(store, spawn.id)?.killedBy != null) return false;
		const pause = quotaPause(countAttempts(store, spawn.id).parked - 1);
		// A reset time that has passed is none: asking again at once could go on for ever.
		// One in a far future is a mistake.
		const wait = (outcome.resumeAt ?? 0) - workspace.now();
		const resumeAt = workspace.now() + (wait > 0 && wait <= longestQuotaMs ? wait : pause);
		parkSpawn(store, spawn.id, resumeAt, workspace.now());
		const until = new Date(resumeAt).toISOString();
		announce(
			workspace,
			spawn.channel,
			`${nameOf(spawn)} waits for its quota until ${until}: ${outcome.failure}`,
		);
		return true;
	});
}

/** Waits until a parked spawn may go on. False when it was ended, held, or started by somebody else meanwhile. */
async function quotaIsBack(workspace: Workspace, id: SpawnId): Promise<boolean> {
	for (let spawn = findSpawn(workspace.store, id); ; spawn = findSpawn(workspace.store, id)) {
		if (spawn === null || spawn.status !== 'pending') return false;
		const left = (spawn.resumeAt ?? 0) - workspace.now();
		if (left <= 0) return true;
		// In short steps: an operator may end the spawn, and the machine may sleep meanwhile.
		await delay(Math.min(left, second));
	}
}

/**
 * The agent's process: as recorded, else as found by its marker, for a crash may come before the record. Of several
 * the first that no other of them started: the rest are its tools.
 */
function processOf(spawn: Spawn): ProcessIdentity | null {
	if (spawn.process !== null) return spawn.process;
	const marked = findMarked(spawnMarker).get(spawn.id) ?? [];
	const pids = new Set(marked.map(entry => entry.pid));
	const found = marked.find(entry => entry.groupId === entry.pid && !pids.has(entry.parentPid));
	return found === undefined ? null : {pid: found.pid, started: found.started};
}

/** Follows one attempt; meanwhile ends it when asked to or when it is too silent, and starts what it asks for. */
function follow(
	workspace: Workspace,
	spawn: Spawn,
	attempt: number,
	provider: Provider,
	running: Running,
	mend: () => Promise<unknown>,
): Promise<Result> {
	const {store} = workspace;
	const target = {...spawn, process: running.process};
	const started = new Set<SpawnId>();
	let seen: string | null = null;
	let mendAt = performance.now() + mendEveryMs;
	const lookAround = async () => {
		if (performance.now() >= mendAt) {
			mendAt = performance.now() + mendEveryMs;
			await mend();
		}
		const version = storeVersion(store);
		if (version !== seen) {
			seen = version;
			// What waits for a place is not this supervisor's to start: it must not overtake what a human asked for.
			const startable = listStartable(store, startConditions(workspace));
			const children = listPendingChildIds(store, spawn.id).filter(
				id => startable.includes(id) && !started.has(id),
			);
			for (const id of children) started.add(id);
			await startSupervisors(workspace, children);
			if (findSpawn(store, spawn.id)?.killedBy != null) {
				await killProcesses(target, limitsOf(workspace).gracefulMs);
			}
		}
	};
	return followAttempt(workspace, spawn, attempt, provider, running, async ({silenceMs, isOutOfQuota}) => {
		// A full disk, say, must not end the supervision of an agent that works on.
		await lookAround().catch(reportOnce);
		const {gracefulMs, killAfterMs} = limitsOf(workspace);
		if (isOutOfQuota) await killProcesses(target, gracefulMs);
		if (isOutOfQuota || killAfterMs === null || silenceMs < killAfterMs) return null;
		const cpuMs = processesOf(target).reduce((sum, entry) => sum + entry.cpuMs, 0);
		await killProcesses(target, gracefulMs);
		return `killed after ${formatDuration(silenceMs)} of silence, CPU ${(cpuMs / second).toFixed(1)}s in all`;
	});
}
