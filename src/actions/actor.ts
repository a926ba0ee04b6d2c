import {UsageError} from '../errors.ts';
import type {Action} from '../model/action.ts';
import {operatorIdentity} from '../model/agent.ts';
import type {SpawnId} from '../model/spawn.ts';
import {spawnMarker} from '../process/markers.ts';
import {findSpawn} from '../store/spawns.ts';
import type {Workspace} from '../workspace/open.ts';

/** The one who acts: the operator, or an agent from inside its spawn. */
export type Actor =
	| {readonly type: 'operator'; readonly identity: string}
	| {readonly type: 'agent'; readonly identity: string; readonly spawnId: SpawnId};

/** The actor of this process. Throws a UsageError when the environment names a spawn of another workspace. */
export function actorOf({env, store}: Workspace): Actor {
	const spawnId = env[spawnMarker];
	if (spawnId === undefined) return {type: 'operator', identity: operatorIdentity};
	const spawn = findSpawn(store, spawnId);
	if (spawn === null) {
		throw new UsageError(
			`${spawnMarker} names a spawn that this workspace does not know.`,
			'Unset it to speak as an operator.',
		);
	}
	return {type: 'agent', identity: spawn.agent, spawnId};
}

/** Throws a UsageError for an action that only the operator may perform: an agent posts, and asks for the rest. */
export function requirePermission(actor: Actor, {type}: Action): void {
	if (actor.type === 'operator' || type === 'post') return;
	throw new UsageError('Only the operator may do that.', 'Ask for it in the channel: mention @human.');
}
