import {holdRefilling} from '../bridge/leash.ts';
import type {StopReport, StopTarget} from '../model/action.ts';
import {descendantsOf} from '../model/chain.ts';
import {isLive, type SpawnId} from '../model/spawn.ts';
import {type Milliseconds, second} from '../model/time.ts';
import {isAlive} from '../process/table.ts';
import {until} from '../process/until.ts';
import {markKilled, markTombstone} from '../store/life.ts';
import {listQueuedMentions, settleMention} from '../store/mentions.ts';
import {writing} from '../store/open.ts';
import {findSpawn, listLiveSpawns, listSpawns} from '../store/spawns.ts';
import {limitsOf, type Workspace} from '../workspace/open.ts';
import {leftElsewhere} from './elsewhere.ts';
import {finishSpawn} from './finish.ts';
import {killProcesses, processesOf} from './kill.ts';
import {startWaiting} from './start.ts';

const supervisorWaitMs: Milliseconds = 3 * second;

/**
 * Ends live spawns and reports what became of each. All are chosen and marked first, in one transaction: later requests
 * of theirs are refused. Their supervisors end them; where one is dead, or does not answer, this process does it.
 */
export async function stopSpawns(
	workspace: Workspace,
	target: StopTarget,
	by: string,
): Promise<readonly StopReport[]> {
	const chosen = markTargets(workspace, target, by);
	const reports = await Promise.all(chosen.map(({id, isMarked}) => stopOne(workspace, id, !isMarked)));
	await startWaiting(workspace);
	return reports;
}

/** One spawn that was to end; `isMarked` is false when it had ended already. */
export interface Chosen {
	readonly id: SpawnId;
	readonly isMarked: boolean;
}

/** Chooses the spawns that are to end, and marks them, in one transaction. */
export function markTargets(workspace: Workspace, target: StopTarget, by: string): readonly Chosen[] {
	return writing(workspace.store, () => markEach(workspace, target, by));
}

function markEach(workspace: Workspace, target: StopTarget, by: string): readonly Chosen[] {
	const {store} = workspace;
	const mark = (id: SpawnId) => {
		const isElsewhere = leftElsewhere(workspace, findSpawn(store, id)) !== null;
		return {id, isMarked: !isElsewhere && markKilled(store, id, by, workspace.now())};
	};
	switch (target.type) {
		case 'spawns':
			return target.ids.map(mark);
		case 'chains': {
			const spawns = listSpawns(store);
			const chain = [...new Set(target.ids.flatMap(id => descendantsOf(spawns, id)))];
			for (const {id} of chain) markTombstone(store, id, workspace.now());
			return chain.filter(spawn => isLive(spawn) || target.ids.includes(spawn.id)).map(({id}) => mark(id));
		}
		case 'all': {
			holdRefilling(workspace, by);
			const live = listLiveSpawns(store);
			for (const spawn of live) {
				if (leftElsewhere(workspace, spawn) === null) holdQueued(workspace, spawn.agent, spawn.channel, by);
			}
			return live.map(({id}) => mark(id));
		}
	}
}

function holdQueued({store, now}: Workspace, agent: string, channel: string, by: string): void {
	for (const entry of listQueuedMentions(store, agent, channel)) {
		settleMention(store, {...entry, outcome: 'held', reason: 'stopped'}, {by, at: now()});
	}
}

async function stopOne(workspace: Workspace, id: SpawnId, hadEnded: boolean): Promise<StopReport> {
	const {store} = workspace;
	const {gracefulMs} = limitsOf(workspace);
	const spawn = findSpawn(store, id);
	if (spawn === null) throw new Error(`Spawn ${id} is gone from the store.`);
	const left = leftElsewhere(workspace, spawn);
	if (left !== null) return left;
	const report = {
		id,
		agent: spawn.agent,
		hadEnded,
		signalled: [] as readonly number[],
		survivors: [] as readonly number[],
	};
	if (hadEnded) return report;
	const asked = processesOf(spawn).map(({pid}) => pid);
	const isEnded = () => {
		const now = findSpawn(store, id);
		return now === null || !isLive(now) || !isAlive(now.supervisor);
	};
	await until(isEnded, gracefulMs + supervisorWaitMs);
	const now = findSpawn(store, id) ?? spawn;
	if (!isLive(now) && processesOf(now).length === 0) return {...report, signalled: asked};
	const {signalled, survivors} = await killProcesses(now, gracefulMs);
	finishSpawn(workspace, now, {status: 'killed', failure: null, finalText: null});
	return {...report, signalled: [...new Set([...asked, ...signalled])], survivors};
}
