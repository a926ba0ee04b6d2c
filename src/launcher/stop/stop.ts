import {holdRefilling} from '../../bridge/leash.ts';
import {describeError, isStoreFailure} from '../../errors.ts';
import type {Results, StopReport, StopTarget} from '../../model/action.ts';
import {descendantsOf} from '../../model/chain.ts';
import {isElsewhere} from '../../model/place.ts';
import {isLive, type Spawn, type SpawnId} from '../../model/spawn.ts';
import {type Milliseconds, second} from '../../model/time.ts';
import {isAlive} from '../../process/table.ts';
import {until} from '../../process/until.ts';
import {markKilled, markTombstone} from '../../store/life.ts';
import {listQueuedMentions, settleMention} from '../../store/mentions.ts';
import {writing} from '../../store/open.ts';
import {impatiently} from '../../store/patience.ts';
import {findSpawn, listLiveSpawns, listSpawns} from '../../store/spawns.ts';
import type {Workspace} from '../../workspace/open.ts';
import {endOrphanedAttempt, hasExitCode} from '../attempt/orphan.ts';
import {leftElsewhere} from '../elsewhere.ts';
import {finishSpawn} from '../finish.ts';
import {closeOutbox} from '../outbox.ts';
import {startWaiting} from '../start.ts';
import {endSupervisor} from '../supervisor/stuck.ts';
import {type RecordedStop, stopAll} from './all.ts';
import {boundedGraceful, killProcesses, processesOf} from './kill.ts';
import {gracefulOf} from './stopped.ts';

const supervisorWaitMs: Milliseconds = 3 * second;
/** How long a stop tries to record something. */
export const recordWithinMs: Milliseconds = second;

/**
 * Ends live spawns and reports what became of each. Their supervisors end them; where one is dead, or does not answer, this
 * process does it. A store that cannot be written keeps nothing alive: then the report says that it is not recorded.
 */
export async function stopSpawns(
	workspace: Workspace,
	target: StopTarget,
	by: string,
): Promise<Results['stop']> {
	const {home, now, inside} = workspace;
	const gracefulMs = gracefulOf(workspace);
	// An agent that stops everything must have it recorded before it ends itself.
	if (target.type === 'all' && inside === null) {
		return stopAll({home, at: now(), gracefulMs, record: () => recordStop(workspace, target, by)});
	}
	const {reports, problem} = await recordStop(workspace, target, by);
	return {
		spawns: reports,
		problems: problem === null ? [] : [`Ended, but not recorded: ${problem}`],
	};
}

/**
 * Marks the spawns of a stop in one transaction, so that later requests of theirs are refused, and ends them. What cannot
 * be recorded within a second is ended all the same.
 */
export async function recordStop(
	workspace: Workspace,
	target: StopTarget,
	by: string,
): Promise<RecordedStop> {
	const {store} = workspace;
	const problems: string[] = [];
	const chosen = recorded(workspace, problems, () => markTargets(workspace, target, by));
	const targets = chosen ?? chooseTargets(workspace, target);
	const reports = await Promise.all(targets.map(one => stopOne(workspace, one, problems)));
	if (problems.length === 0) await startWaiting(workspace);
	const ids = new Set(targets.map(({id}) => id));
	const isSpared = (id: SpawnId) => {
		const spawn = problems.length > 0 ? null : findSpawn(store, id);
		if (spawn === null || !isLive(spawn)) return false;
		return isElsewhere(spawn, workspace) || (!ids.has(id) && spawn.killedBy === null);
	};
	return {reports, isSpared, problem: problems[0] ?? null};
}

/** Records something, unless the store cannot be written: then it is a problem, and undefined. */
function recorded<T>({store}: Workspace, problems: string[], change: () => T): T | undefined {
	try {
		return impatiently(store, recordWithinMs, change);
	} catch (error) {
		if (!isStoreFailure(error)) throw error;
		problems.push(describeError(error));
		return undefined;
	}
}

/** One spawn that was to end; `isMarked` is false when it had ended already. */
export interface Chosen {
	readonly id: SpawnId;
	readonly isMarked: boolean;
}

/** Chooses the spawns that are to end, and marks them, in one transaction. */
export function markTargets(workspace: Workspace, target: StopTarget, by: string): readonly Chosen[] {
	const {store} = workspace;
	return writing(store, () => {
		if (target.type === 'all') holdRefilling(workspace, by);
		for (const spawn of target.type === 'all' ? listLiveSpawns(store) : []) {
			if (!isElsewhere(spawn, workspace)) holdQueued(workspace, spawn.agent, spawn.channel, by);
		}
		for (const {id} of target.type === 'chains' ? chainsOf(workspace, target.ids) : []) {
			markTombstone(store, id, workspace.now());
		}
		const chosen = chooseTargets(workspace, target);
		return chosen.map(({id}) => {
			const isLeft = leftElsewhere(workspace, findSpawn(store, id)) !== null;
			return {id, isMarked: !isLeft && markKilled(store, id, by, workspace.now())};
		});
	});
}

function chooseTargets(workspace: Workspace, target: StopTarget): readonly Chosen[] {
	const {store} = workspace;
	switch (target.type) {
		case 'spawns':
			return target.ids.map(id => ({id, isMarked: isLive(findSpawn(store, id) ?? {status: 'killed'})}));
		case 'chains':
			return chainsOf(workspace, target.ids)
				.filter(spawn => isLive(spawn) || target.ids.includes(spawn.id))
				.map(spawn => ({id: spawn.id, isMarked: isLive(spawn)}));
		case 'all':
			return listLiveSpawns(store).map(({id}) => ({id, isMarked: true}));
	}
}

function chainsOf({store}: Workspace, ids: readonly SpawnId[]): readonly Spawn[] {
	const spawns = listSpawns(store);
	return [...new Set(ids.flatMap(id => descendantsOf(spawns, id)))];
}

function holdQueued({store, now}: Workspace, agent: string, channel: string, by: string): void {
	for (const entry of listQueuedMentions(store, agent, channel)) {
		settleMention(store, {...entry, outcome: 'held', reason: 'stopped'}, {by, at: now()});
	}
}

function end(workspace: Workspace, spawn: Spawn, hasFinished: boolean): void {
	writing(workspace.store, () => {
		const killed = {status: 'killed', failure: null, finalText: null} as const;
		finishSpawn(workspace, spawn, hasFinished ? endOrphanedAttempt(workspace, spawn) : killed);
	});
	closeOutbox(workspace, spawn);
}

async function stopOne(
	workspace: Workspace,
	{id, isMarked}: Chosen,
	problems: string[],
): Promise<StopReport> {
	const {store} = workspace;
	const gracefulMs = gracefulOf(workspace);
	const spawn = findSpawn(store, id);
	if (spawn === null) throw new Error(`Spawn ${id} is gone from the store.`);
	const elsewhere = leftElsewhere(workspace, spawn);
	if (elsewhere !== null) return elsewhere;
	const report = {id, agent: spawn.agent, hadEnded: !isMarked, signalled: [], survivors: []};
	if (!isMarked) return report;
	const asked = processesOf(spawn).map(({pid}) => pid);
	const isEnded = () => {
		const now = findSpawn(store, id);
		return now === null || !isLive(now) || !isAlive(now.supervisor);
	};
	// A supervisor that nobody could mark anything for does not know, and would start the agent again.
	if (problems.length === 0) await until(isEnded, boundedGraceful(gracefulMs) + supervisorWaitMs);
	const left = findSpawn(store, id) ?? spawn;
	if (!isLive(left) && processesOf(left).length === 0) return {...report, signalled: asked};
	// One that is blocked would never end, and one that only was slow has nothing left to do.
	if (isLive(left)) await endSupervisor(left.supervisor);
	// Its agent may have finished while it was blocked: then what the agent said is not lost.
	const hasFinished = isLive(left) && hasExitCode(workspace, left);
	const {signalled, survivors} = await killProcesses(left, gracefulMs);
	if (problems.length === 0) recorded(workspace, problems, () => end(workspace, left, hasFinished));
	return {...report, signalled: [...new Set([...asked, ...signalled])], survivors};
}
