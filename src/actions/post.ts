import {postMessage} from '../bridge/post.ts';
import {NotStartedError} from '../errors.ts';
import {startSupervisors} from '../launcher/start.ts';
import type {Action, Results} from '../model/action.ts';
import type {SpawnId} from '../model/spawn.ts';
import {listStartable} from '../store/claims.ts';
import {startConditions, type Workspace} from '../workspace/open.ts';

/**
 * Posts a message of an operator, and starts the supervisors of the spawns that it asks for. Throws a NotStartedError when
 * one cannot be started: the message is stored all the same.
 */
export async function post(
	workspace: Workspace,
	{channel, text, as, claim}: Action & {type: 'post'},
	identity: string,
): Promise<Results['post']> {
	const from = as ?? identity;
	const post = {channel, text, from, spawnId: null, claim};
	const {message, mentions, refilled} = postMessage(workspace, post);
	// A spawn that is queued for want of a slot starts only if a slot has become free meanwhile.
	const startable = new Set(listStartable(workspace.store, startConditions(workspace)));
	const launched = mentions.flatMap(({outcome, spawnId: id}) =>
		outcome !== 'merged' && id !== null && startable.has(id) ? [id] : [],
	);
	launched.push(...refilled.filter(id => startable.has(id)));
	const failure = await startEach(workspace, launched);
	if (failure !== null) throw new NotStartedError(message.id, failure);
	return {messageId: message.id, isPosted: true, mentions};
}

/** Starts a supervisor for each spawn, also when some cannot be started. Returns the first failure; null when all start. */
async function startEach(workspace: Workspace, ids: readonly SpawnId[]): Promise<unknown> {
	let failure: unknown = null;
	for (const id of ids) await startSupervisors(workspace, [id]).catch(error => (failure ??= error));
	return failure;
}
