import {setTimeout as delay} from 'node:timers/promises';
import {announce} from '../../bridge/post.ts';
import {quotaPause, type Verdict} from '../../model/attempt.ts';
import {unclaimedAfterMs} from '../../model/limits.ts';
import {isElsewhere} from '../../model/place.ts';
import {nameOf, type ProcessIdentity, type Spawn, type SpawnId} from '../../model/spawn.ts';
import {type Milliseconds, minute, second} from '../../model/time.ts';
import {readClocks} from '../../process/clocks.ts';
import {supervisorTitle} from '../../process/markers.ts';
import {isAlive, ownProcess} from '../../process/table.ts';
import {findProvider} from '../../providers/index.ts';
import {countAttempts} from '../../store/attempts.ts';
import {adoptSpawn, claimSpawn, parkSpawn} from '../../store/claims.ts';
import {writing} from '../../store/open.ts';
import {requireSameFile, StoreReplacedError} from '../../store/replaced.ts';
import {findSpawn} from '../../store/spawns.ts';
import {limitsOf, startConditions, type Workspace} from '../../workspace/open.ts';
import {databasePath} from '../../workspace/paths.ts';
import {type Claimed, runAttempts} from '../attempt/run.ts';
import {type Ending, finishSpawn} from '../finish.ts';
import {startOrHold} from '../install.ts';
import {reportOnce} from '../report-once.ts';
import {killProcesses} from '../stop/kill.ts';
import {heedStop} from '../stop/stopped.ts';
import {untilRecorded} from '../until-recorded.ts';
import {noticingLoss} from './gone.ts';
import {startHeartbeat} from './heartbeat.ts';
import {keepAwake} from './keep-awake.ts';
import {preload} from './preload.ts';
import {noticingSleep} from './sleep.ts';
import {lookAtLeash, watchLeash} from './watch-leash.ts';

const longestQuotaMs: Milliseconds = 31 * 24 * 60 * minute;

/**
 * Is the supervisor of one spawn: claims it (or takes it over from a dead supervisor), runs its attempts, ends it, and
 * starts what waits. After a quota stop it waits for the quota, then claims the spawn again. When the spawn has ended, or
 * cannot be claimed, it stays while only it can start what the leash holds. `mend` brings the records of the whole raid in
 * line with the processes: it is called now and then, and when the spawn has ended, because nobody else may be there.
 */
export async function supervise(
	workspace: Workspace,
	spawnId: SpawnId,
	mend: () => Promise<unknown>,
): Promise<void> {
	await preload();
	process.title = supervisorTitle(spawnId);
	const own = ownProcess();
	const noticeSleep = noticingSleep(workspace, readClocks());
	// Not the folder: whoever makes a log makes that again.
	const isLost = noticingLoss(databasePath(workspace.home));
	const heartbeat = startHeartbeat(workspace.home, spawnId, clocks => {
		if (isLost()) leave(workspace.home);
		noticeSleep(clocks);
	});
	// Also while it waits for its quota: it resumes by itself, and a machine that sleeps does not.
	const letSleep = workspace.config.keepAwake ? keepAwake(workspace.env) : () => {};
	try {
		await superviseToEnd(workspace, spawnId, own, mend);
		await watchLeash(workspace, mend);
	} finally {
		letSleep();
		heartbeat.stop();
	}
}

/** Ends this supervisor, wherever it waits. An agent that still runs is left alone, as when its supervisor is killed. */
function leave(home: string): never {
	console.error(`raid: ${home} is gone`);
	process.exit(1);
}

async function superviseToEnd(
	workspace: Workspace,
	spawnId: SpawnId,
	own: ProcessIdentity,
	mend: () => Promise<unknown>,
): Promise<void> {
	// Not for longer: the next look starts another supervisor of a spawn that nobody has claimed.
	const take = () => untilRecorded(() => takeSpawn(workspace, spawnId, own), unclaimedAfterMs / 2);
	for (let spawn = await take(); spawn !== null; spawn = await take()) {
		const ending = await runSpawn(workspace, spawn, own, mend);
		if (ending !== 'parked') {
			const claimed = spawn;
			await untilRecorded(() => {
				heedStop(workspace, claimed, ending.status);
				finishSpawn(workspace, findSpawn(workspace.store, spawnId) ?? claimed, ending);
			});
		}
		await startOrHold(workspace);
		await mend().catch(reportOnce);
		if (ending !== 'parked' || !(await quotaIsBack(workspace, spawnId, mend))) return;
	}
}

/** Claims a pending spawn, or a running one whose supervisor is dead. Null when another supervisor has it. */
function takeSpawn(workspace: Workspace, id: SpawnId, own: ProcessIdentity): Claimed | null {
	const {store} = workspace;
	return writing(store, () => {
		const spawn = findSpawn(store, id);
		if (spawn === null || isElsewhere(spawn, workspace)) return null;
		const isAdopted = spawn.status === 'running';
		const isTaken = isAdopted
			? !isSupervisedByOther(spawn, own) && adoptSpawn(store, id, own, spawn.supervisor, workspace.now())
			: claimSpawn(store, id, own, startConditions(workspace));
		if (!isTaken) return null;
		const taken = findSpawn(store, id);
		return taken === null ? null : {...taken, isAdopted};
	});
}

/** A supervisor whose store was replaced finds itself in the new one. */
function isSupervisedByOther({supervisor}: Spawn, own: ProcessIdentity): boolean {
	return isAlive(supervisor) && supervisor?.pid !== own.pid;
}

const killed: Ending = {status: 'killed', failure: null, finalText: null};

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
		const outcome = await runAttempts({workspace, spawn, provider, own, mend});
		// Without an outcome nothing was run: the spawn was asked to end before.
		if (outcome === null) return killed;
		const {status, failure, finalText} = outcome;
		if (status !== 'parked') return {status, failure, finalText};
		return (await untilRecorded(() => park(workspace, spawn, outcome))) ? 'parked' : killed;
	} catch (error) {
		// Its agent works on: what is written would be lost, or damage the new file.
		if (error instanceof StoreReplacedError) throw error;
		console.error(error);
		// No process may work for a spawn that is recorded as failed.
		await killProcesses(findSpawn(workspace.store, spawn.id) ?? spawn, limitsOf(workspace).gracefulMs);
		const failure = `its supervisor failed: ${error instanceof Error ? error.message : error}`;
		return {status: 'failed', failure, finalText: null};
	}
}

/** Makes the spawn wait for its quota, without a slot. False when it was asked to end. */
function park(workspace: Workspace, spawn: Spawn, outcome: Verdict & {status: 'parked'}): boolean {
	const {store} = workspace;
	return writing(store, () => {
		if (findSpawn(store, spawn.id)?.killedBy != null) return false;
		const pause = quotaPause(countAttempts(store, spawn.id).parked - 1);
		// A reset time that has passed says nothing: asking again at once might never end. One in a far future is a mistake.
		const wait = (outcome.resumeAt ?? 0) - workspace.now();
		const resumeAt = workspace.now() + (wait > 0 && wait <= longestQuotaMs ? wait : pause);
		parkSpawn(store, spawn.id, resumeAt, workspace.now());
		const until = new Date(resumeAt).toISOString();
		const news = `${nameOf(spawn)} waits for its quota until ${until}: ${outcome.failure}`;
		announce(workspace, spawn.channel, news);
		return true;
	});
}

/** Waits until a parked spawn may resume. False when it was ended, held, or started by another supervisor meanwhile. */
async function quotaIsBack(
	workspace: Workspace,
	id: SpawnId,
	mend: () => Promise<unknown>,
): Promise<boolean> {
	for (let spawn = findSpawn(workspace.store, id); ; spawn = findSpawn(workspace.store, id)) {
		if (spawn === null || spawn.status !== 'pending') return false;
		const left = (spawn.resumeAt ?? 0) - workspace.now();
		if (left <= 0) return true;
		// In short steps: an operator may end the spawn, and the machine may sleep meanwhile.
		await delay(Math.min(left, second));
		// A store that is gone would say for ever that it is to wait.
		requireSameFile(workspace.store);
		await lookAtLeash(workspace, mend);
	}
}
