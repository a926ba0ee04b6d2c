import {postMessage} from '../bridge/post.ts';
import {UsageError} from '../errors.ts';
import {startSupervisors} from '../launcher/start.ts';
import type {Action, Results} from '../model/action.ts';
import type {SpawnId} from '../model/spawn.ts';
import {second} from '../model/time.ts';
import {until} from '../process/until.ts';
import {listStartable} from '../store/claims.ts';
import {findSpawn} from '../store/spawns.ts';
import {startConditions, type Workspace} from '../workspace/open.ts';
import type {Actor} from './actor.ts';

/** Posts a message, and starts the supervisors of the spawns that it asks for. */
export async function post(
	workspace: Workspace,
	{channel, text, as, claim}: Action & {type: 'post'},
	actor: Actor,
): Promise<Results['post']> {
	const spawnId = actor.type === 'agent' ? actor.spawnId : null;
	const from = speakerOf(as, actor);
	const {message, mentions, refilled} = postMessage(workspace, {channel, text, from, spawnId, claim});
	// A spawn that is queued for want of a slot starts only if a slot has become free meanwhile.
	const startable = new Set(listStartable(workspace.store, startConditions(workspace)));
	const launched = mentions.flatMap(({outcome, spawnId: id}) =>
		outcome !== 'merged' && id !== null && startable.has(id) ? [id] : [],
	);
	launched.push(...refilled.filter(id => startable.has(id)));
	await startSupervisors(workspace, spawnId === null ? launched : await unclaimed(workspace, launched));
	return {messageId: message.id, mentions};
}

/** The identity that speaks: an agent's own, or the one that an operator names. */
function speakerOf(as: string | null, actor: Actor): string {
	if (actor.type === 'operator' || as === null || as === actor.identity) return as ?? actor.identity;
	throw new UsageError(`An agent speaks only as itself: "${actor.identity}", not "${as}".`, 'Omit --as.');
}

const claimWithinMs = 2 * second;

/**
 * The spawns that nobody has claimed in time. An agent's tools may run in a sandbox, which everything that they start
 * would inherit: the agent's supervisor, outside, starts what the agent asked for. Only without one its tools do.
 */
async function unclaimed(workspace: Workspace, ids: readonly SpawnId[]): Promise<readonly SpawnId[]> {
	const isPending = (id: SpawnId) => findSpawn(workspace.store, id)?.status === 'pending';
	await until(() => !ids.some(isPending), claimWithinMs);
	return ids.filter(isPending);
}
