import {setTimeout as delay} from 'node:timers/promises';
import type {StopReport} from '../model/action.ts';
import {descendantsOf} from '../model/chain.ts';
import type {HoldReason} from '../model/mention.ts';
import {isLive, type SpawnId} from '../model/spawn.ts';
import {type Milliseconds, second} from '../model/time.ts';
import {isAlive} from '../process/table.ts';
import {addEvent} from '../store/events.ts';
import {listQueuedMentions, settleMention} from '../store/messages.ts';
import {writing} from '../store/open.ts';
import {findSpawn, listLiveSpawns, listSpawns, markKilled, markTombstone} from '../store/spawns.ts';
import type {World} from '../world.ts';
import {finishSpawn} from './finish.ts';
import {killProcesses, processesOf} from './kill.ts';
import {startWaiting} from './start.ts';

const supervisorWaitMs: Milliseconds = 3 * second;
const pollMs = 50;

/** What is to end. */
export type StopTarget =
	| {readonly type: 'spawns'; readonly ids: readonly SpawnId[]}
	/** The spawns named and all that they led to; what these ask for later is refused. */
	| {readonly type: 'chains'; readonly ids: readonly SpawnId[]}
	/** Every live spawn; what is queued behind them is held. */
	| {readonly type: 'all'};

/**
 * Ends live spawns and tells the truth about each. All are chosen and marked first, in one transaction: what they start
 * from then on is refused. Their supervisors end them; where one is dead, or does not answer, this process does it.
 */
export async function stopSpawns(
	world: World,
	target: StopTarget,
	by: string,
): Promise<readonly StopReport[]> {
	const chosen = writing(world.store, () => markTargets(world, target, by));
	const reports = await Promise.all(chosen.map(({id, isMarked}) => stopOne(world, id, !isMarked)));
	await startWaiting(world);
	return reports;
}

function markTargets(
	world: World,
	target: StopTarget,
	by: string,
): readonly {id: SpawnId; isMarked: boolean}[] {
	const {store} = world;
	const mark = (id: SpawnId) => {
		const isMarked = markKilled(store, id, by);
		if (isMarked) addEvent(store, 'kill asked', id, by, world.now());
		return {id, isMarked};
	};
	switch (target.type) {
		case 'spawns':
			return target.ids.map(mark);
		case 'chains': {
			const spawns = listSpawns(store);
			const chain = [...new Set(target.ids.flatMap(id => descendantsOf(spawns, id)))];
			for (const {id} of chain) markTombstone(store, id);
			return chain.filter(spawn => isLive(spawn) || target.ids.includes(spawn.id)).map(({id}) => mark(id));
		}
		case 'all': {
			const live = listLiveSpawns(store);
			for (const {agent, channel} of live) holdQueued(world, agent, channel);
			return live.map(({id}) => mark(id));
		}
	}
}

function holdQueued({store}: World, agent: string, channel: string): void {
	for (const entry of listQueuedMentions(store, agent, channel)) {
		settleMention(store, {...entry, outcome: 'held', reason: 'stopped' satisfies HoldReason});
	}
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
