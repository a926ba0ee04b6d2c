import {followUp} from '../bridge/ledger.ts';
import {announce} from '../bridge/post.ts';
import {NotFoundError, UsageError} from '../errors.ts';
import type {Results, StopReport} from '../model/action.ts';
import {describeElsewhere, isElsewhere} from '../model/place.ts';
import {isLive, nameOf, type Spawn, type SpawnId, shortId} from '../model/spawn.ts';
import {endSpawn, markKilled} from '../store/life.ts';
import {writing} from '../store/open.ts';
import {findSpawn} from '../store/spawns.ts';
import type {Workspace} from '../workspace/open.ts';

/**
 * Ends the record of a live spawn of another machine or PID namespace, and creates the follow-up spawn of what waited
 * behind it. No process is looked for or signalled. Throws a NotFoundError or UsageError.
 */
export function endElsewhere(workspace: Workspace, id: SpawnId, by: string): Results['end-elsewhere'] {
	const {store, now} = workspace;
	return writing(store, () => {
		const spawn = findSpawn(store, id);
		if (spawn === null) throw new NotFoundError(`No spawn is called "${id}".`, 'List them: raid spawns');
		if (!isLive(spawn)) throw new UsageError(`${nameOf(spawn)} has already ended.`);
		if (!isElsewhere(spawn, workspace))
			throw new UsageError(`${nameOf(spawn)} belongs here.`, `Stop it: raid stop ${shortId(id)}`);
		// Should its supervisor live after all, it ends the agent when it sees the mark.
		markKilled(store, id, by, now());
		endSpawn(store, id, {status: 'killed', failure: `ended as elsewhere by ${by}`}, now());
		const what = `${nameOf(spawn)} was ended by ${by} as a spawn ${describeElsewhere(spawn, workspace)}`;
		announce(workspace, spawn.channel, `${what}; nobody looked for its processes`);
		return {spawn: id, followUp: followUp(workspace, findSpawn(store, id) ?? spawn)};
	});
}

/** The report of a stop about a spawn that it leaves alone; null for a spawn that it can reach. */
export function leftElsewhere(workspace: Workspace, spawn: Spawn | null): StopReport | null {
	if (spawn === null || !isLive(spawn) || !isElsewhere(spawn, workspace)) return null;
	const {id, agent} = spawn;
	const elsewhere = describeElsewhere(spawn, workspace);
	return {id, agent, hadEnded: false, signalled: [], survivors: [], elsewhere};
}
