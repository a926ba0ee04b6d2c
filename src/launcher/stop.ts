import {setTimeout as delay} from 'node:timers/promises';
import type {StopReport} from '../model/action.ts';
import {isLive, type SpawnId} from '../model/spawn.ts';
import {type Milliseconds, second} from '../model/time.ts';
import {isAlive} from '../process/table.ts';
import {addEvent} from '../store/events.ts';
import {writing} from '../store/open.ts';
import {findSpawn, markKilled} from '../store/spawns.ts';
import type {World} from '../world.ts';
import {finishSpawn} from './finish.ts';
import {killProcesses, processesOf} from './kill.ts';
import {startWaiting} from './start.ts';

const supervisorWaitMs: Milliseconds = 3 * second;
const pollMs = 50;

/**
 * Ends live spawns and tells the truth about each. All are marked first, in one transaction: what they start from then
 * on is refused. Their supervisors end them; where one is dead, or does not answer, this process does it.
 */
export async function stopSpawns(
	world: World,
	ids: readonly SpawnId[],
	by: string,
): Promise<readonly StopReport[]> {
	const {store} = world;
	const marked = new Set(
		writing(store, () =>
			ids.filter(id => {
				const isMarked = markKilled(store, id, by);
				if (isMarked) addEvent(store, 'kill asked', id, by, world.now());
				return isMarked;
			}),
		),
	);
	const reports = await Promise.all(ids.map(id => stopOne(world, id, !marked.has(id))));
	await startWaiting(world);
	return reports;
}

async function stopOne(world: World, id: SpawnId, hadEnded: boolean): Promise<StopReport> {
	const {store, config} = world;
	const spawn = findSpawn(store, id);
	if (spawn === null) throw new Error(`Spawn ${id} is gone from the store.`);
	const report = {
		id,
		agent: spawn.agent,
		hadEnded,
		signalled: [] as readonly number[],
		survivors: [] as readonly number[],
	};
	if (hadEnded) return report;
	const asked = processesOf(spawn).map(({pid}) => pid);
	await untilEnded(world, id, config.limits.gracefulMs + supervisorWaitMs);
	const left = findSpawn(store, id) ?? spawn;
	if (!isLive(left) && processesOf(left).length === 0) return {...report, signalled: asked};
	const {signalled, survivors} = await killProcesses(left, config.limits.gracefulMs);
	finishSpawn(world, left, {status: 'killed', failure: null, finalText: null});
	return {...report, signalled: [...new Set([...asked, ...signalled])], survivors};
}

/** Waits for the spawn's supervisor to end it; not at all when it has none. */
async function untilEnded(world: World, id: SpawnId, mostMs: Milliseconds): Promise<void> {
	for (const end = performance.now() + mostMs; performance.now() < end; await delay(pollMs)) {
		const spawn = findSpawn(world.store, id);
		if (spawn === null || !isLive(spawn) || !isAlive(spawn.supervisor)) return;
	}
}
