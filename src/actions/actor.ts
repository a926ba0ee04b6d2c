import {UsageError} from '../errors.ts';
import type {Action} from '../model/action.ts';
import {operatorIdentity} from '../model/agent.ts';
import {isLive, nameOf} from '../model/spawn.ts';
import {spawnMarker} from '../process/markers.ts';
import {findAgent} from '../store/agents.ts';
import {findSpawn} from '../store/spawns.ts';
import {requireVoice} from '../workspace/inside.ts';
import type {Workspace} from '../workspace/open.ts';

/** The one who acts: the operator, or an agent from inside its spawn. */
export type Actor =
	| {readonly type: 'operator'; readonly identity: string}
	| {readonly type: 'agent'; readonly identity: string; readonly mayOperate: boolean};

/**
 * The actor of this process. Throws a UsageError inside a spawn that has ended, or that this workspace does not know, and
 * where the environment contradicts the processes around it.
 */
export function actorOf({inside, store}: Pick<Workspace, 'inside' | 'store'>): Actor {
	if (inside === null) return {type: 'operator', identity: operatorIdentity};
	requireVoice(inside);
	const spawn = findSpawn(store, inside.spawnId);
	if (spawn === null) throw new UsageError(`${spawnMarker} names a spawn that this workspace does not know.`);
	if (!isLive(spawn)) throw new UsageError(`${nameOf(spawn)} has ended: it speaks and acts no more.`);
	const mayOperate = findAgent(store, spawn.agent)?.launch?.mayOperate ?? false;
	return {type: 'agent', identity: spawn.agent, mayOperate};
}

/**
 * Throws a UsageError for an action that only the operator may perform: an agent posts, and asks for the rest, unless it
 * was registered to operate.
 */
export function requirePermission(actor: Actor, {type}: Action): void {
	if (actor.type === 'operator' || actor.mayOperate || type === 'post') return;
	throw new UsageError('Only the operator may do that.', 'Ask for it in the channel: mention @human.');
}
