import {NotFoundError, UsageError} from '../errors.ts';
import type {Results} from '../model/action.ts';
import {isLive, nameOf, type SpawnId, shortId} from '../model/spawn.ts';
import {countSlotsTaken} from '../store/claims.ts';
import {writing} from '../store/open.ts';
import {findSpawn, liveSpawnOf} from '../store/spawns.ts';
import {limitsOf, startConditions, type Workspace} from '../workspace/open.ts';
import {createSpawn, requireAgent} from './ledger.ts';

/**
 * Tries an ended spawn again for the operator: a new pending spawn of the same agent, channel, parent and messages. No
 * kill and no guard keeps it from starting. Throws a NotFoundError or UsageError.
 */
export function retrySpawn(workspace: Workspace, id: SpawnId): Results['retry'] {
	const {store} = workspace;
	return writing(store, () => {
		const ended = findSpawn(store, id);
		if (ended === null) throw new NotFoundError(`No spawn is called "${id}".`, 'List them: raid spawns');
		const {channel, messageId, rootMessageId, parentId} = ended;
		if (isLive(ended)) {
			throw new UsageError(`${nameOf(ended)} has not ended.`, `Stop it first: raid stop ${shortId(id)}`);
		}
		const agent = requireAgent(store, ended.agent);
		const live = liveSpawnOf(store, agent.identity, channel);
		if (live !== null) {
			throw new UsageError(
				`${agent.identity} has a live spawn in #${channel} already: #${shortId(live.id)}.`,
				'Wait for its end, or stop it.',
			);
		}
		const isQueued = countSlotsTaken(store, startConditions(workspace)) >= limitsOf(workspace).maxLive;
		const origin = {channel, messageId, rootMessageId, parentId, retryOf: id};
		return {spawn: createSpawn(workspace, agent, origin, workspace), isQueued};
	});
}
