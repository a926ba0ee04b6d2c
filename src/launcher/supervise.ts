import {setTimeout as delay} from 'node:timers/promises';
import type {Verdict} from '../model/attempt.ts';
import {type ProcessIdentity, type Spawn, type SpawnId, shortId} from '../model/spawn.ts';
import {type Milliseconds, second} from '../model/time.ts';
import {findMarked, isAlive, ownProcess} from '../process/table.ts';
import {findProvider} from '../providers/index.ts';
import type {Provider} from '../providers/provider.ts';
import {beginAttempt} from '../store/attempts.ts';
import {addEvent, type EventKind} from '../store/events.ts';
import {dataVersion, writing} from '../store/open.ts';
import {adoptSpawn, claimSpawn, findSpawn, listPendingChildIds} from '../store/spawns.ts';
import type {World} from '../world.ts';
import {adoptAttempt, followAttempt, type Running, recordStart, startAttempt} from './attempt.ts';
import {spawnMarker} from './environment.ts';
import {type Ending, finishSpawn} from './finish.ts';
import {killProcesses} from './kill.ts';
import {prepareSpawn} from './prepare.ts';
import {reconcile} from './reconcile.ts';
import {startSupervisors, startWaiting} from './start.ts';

const backoffMs: Milliseconds = second;
const reconcileEveryMs: Milliseconds = 10 * second;

/**
 * Is the supervisor of one spawn: claims it (or takes it over from a dead supervisor), runs its attempts, ends it, and
 * starts what waits. Returns at once when the spawn is not to be had.
 */
export async function supervise(world: World, spawnId: SpawnId): Promise<void> {
	process.title = `raid supervise ${shortId(spawnId)}`;
	const own = ownProcess();
	const spawn = takeSpawn(world, spawnId, own);
	if (spawn === null) return;
	const provider = findProvider(spawn.provider);
	const ending: Ending =
		provider === null
			? {status: 'failed', failure: `there is no provider "${spawn.provider}"`, finalText: null}
			: await runAttempts(world, spawn, own, provider).catch(error => failedBy(error));
	finishSpawn(world, findSpawn(world.store, spawnId) ?? spawn, ending);
	await startSupervisors(world, listPendingChildIds(world.store, spawnId));
	await startWaiting(world);
}

/** Claims a pending spawn, or a running one whose supervisor is dead. Null when it is somebody else's. */
function takeSpawn(world: World, id: SpawnId, own: ProcessIdentity): Spawn | null {
	const {store} = world;
	return writing(store, () => {
		const spawn = findSpawn(store, id);
		if (spawn === null) return null;
		const isTaken =
			spawn.status === 'running'
				? !isAlive(spawn.supervisor) && adoptSpawn(store, id, own, spawn.supervisor)
				: claimSpawn(store, id, own, world.config.limits);
		if (!isTaken) return null;
		if (spawn.status === 'running') note(world, 'adopted', spawn, null);
		return findSpawn(store, id);
	});
}

async function runAttempts(
	world: World,
	spawn: Spawn,
	own: ProcessIdentity,
	provider: Provider,
): Promise<Ending> {
	let verdict: (Verdict & {readonly finalText: string | null}) | null = null;
	let attempt = spawn.attempt;
	if (attempt > 0) verdict = await follow(world, spawn, attempt, provider, adoptAttempt(processOf(spawn)));
	else prepareSpawn(world, spawn);
	while (verdict === null || mayRetry(world, verdict, attempt)) {
		if (verdict !== null) {
			note(world, 'retried', spawn, verdict.failure);
			await delay(backoffMs);
		}
		attempt += 1;
		if (!beginAttempt(world.store, spawn.id, attempt, own, world.now())) break;
		const running = await startAttempt(world, spawn, attempt, provider);
		recordStart(world, spawn, attempt, running);
		verdict = await follow(world, spawn, attempt, provider, running);
	}
	// Without a verdict nothing was run: the spawn was asked to end before.
	return verdict ?? {status: 'killed', failure: null, finalText: null};
}

function mayRetry(world: World, verdict: Verdict, attempt: number): boolean {
	return verdict.canPass && attempt <= world.config.limits.retries;
}

/** The agent's process: as recorded, else as found by its marker, for a crash may come before the record. */
function processOf(spawn: Spawn): ProcessIdentity | null {
	return spawn.process ?? findMarked(spawnMarker).get(spawn.id)?.[0] ?? null;
}

/** Follows one attempt; meanwhile ends it when asked to, and starts the spawns that it asks for. */
function follow(world: World, spawn: Spawn, attempt: number, provider: Provider, running: Running) {
	const {store, config} = world;
	const started = new Set<SpawnId>();
	let seen: number | null = null;
	let reconcileAt = performance.now() + reconcileEveryMs;
	return followAttempt(world, spawn, attempt, provider, running, async () => {
		if (performance.now() >= reconcileAt) {
			reconcileAt = performance.now() + reconcileEveryMs;
			await reconcile(world);
		}
		const version = dataVersion(store);
		if (version === seen) return;
		seen = version;
		const children = listPendingChildIds(store, spawn.id).filter(id => !started.has(id));
		for (const id of children) started.add(id);
		await startSupervisors(world, children);
		if (findSpawn(store, spawn.id)?.killedBy != null) {
			await killProcesses({...spawn, process: running.process}, config.limits.gracefulMs);
		}
	});
}

function failedBy(error: unknown): Ending {
	console.error(error);
	const failure = `its supervisor failed: ${error instanceof Error ? error.message : error}`;
	return {status: 'failed', failure, finalText: null};
}

function note(world: World, kind: EventKind, spawn: Spawn, detail: string | null): void {
	addEvent(world.store, kind, spawn.id, detail, world.now());
}
