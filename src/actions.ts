import {setTimeout as delay} from 'node:timers/promises';
import {dropMentions, hold, release, releaseMentions} from './bridge/holds.ts';
import {postMessage} from './bridge/post.ts';
import {UsageError} from './errors.ts';
import {spawnMarker} from './launcher/environment.ts';
import {startSupervisors, startWaiting} from './launcher/start.ts';
import {type StopTarget, stopSpawns} from './launcher/stop.ts';
import type {Action, ActionResult} from './model/action.ts';
import {operatorIdentity} from './model/agent.ts';
import type {MentionRecord} from './model/mention.ts';
import type {SpawnId} from './model/spawn.ts';
import {second} from './model/time.ts';
import {listStartable} from './store/claims.ts';
import {findSpawn} from './store/spawns.ts';
import {startConditions, type World} from './world.ts';

/** Does what an operator (or a spawned agent) asked for: the one door for keys, commands and the demo's human. */
export async function perform(action: Action, world: World): Promise<ActionResult> {
	switch (action.type) {
		case 'post':
			return post(action, world);
		case 'stop':
			return stop({type: action.isChain ? 'chains' : 'spawns', ids: action.spawnIds}, world);
		case 'stop all':
			return stop({type: 'all'}, world);
		case 'hold':
			hold(world, action.channel, operatorOf(world));
			return {type: 'held', channel: action.channel};
		case 'release':
			return started(release(world, action.channel, operatorOf(world)), world);
		case 'settle': {
			const settle = action.isDropped ? dropMentions : releaseMentions;
			return started(settle(world, action.mentions, operatorOf(world)), world);
		}
	}
}

/** Starts what was released, and what may start now that a hold is gone. */
async function started(mentions: readonly MentionRecord[], world: World): Promise<ActionResult> {
	await startWaiting(world);
	return {type: 'settled', mentions};
}

/** Who acts: the operator, or the agent whose spawn this is. */
function operatorOf({env}: World): string {
	return env.RAID_IDENTITY ?? operatorIdentity;
}

async function post({channel, text, as}: Action & {type: 'post'}, world: World): Promise<ActionResult> {
	const speaker = speakerOf(as, world);
	const {message, mentions} = postMessage(world, {channel, text, ...speaker});
	// What is queued for want of a place is not to be started, unless a place has become free meanwhile.
	const startable = new Set(listStartable(world.store, startConditions(world)));
	const launched = mentions.flatMap(({outcome, spawnId}) =>
		outcome !== 'merged' && spawnId !== null && startable.has(spawnId) ? [spawnId] : [],
	);
	await startSupervisors(world, speaker.spawnId === null ? launched : await unclaimed(world, launched));
	return {type: 'posted', messageId: message.id, mentions};
}

/** Who speaks: a spawned agent always as itself, an operator as told. */
function speakerOf(as: string | null, {env, store}: World): {from: string; spawnId: SpawnId | null} {
	const spawnId = env[spawnMarker];
	if (spawnId === undefined) return {from: as ?? operatorIdentity, spawnId: null};
	const spawn = findSpawn(store, spawnId);
	if (spawn === null) {
		throw new UsageError(
			`${spawnMarker} names no spawn of this workspace.`,
			'Unset it to speak as an operator.',
		);
	}
	if (as !== null && as !== spawn.agent) {
		throw new UsageError(
			`A spawned agent speaks as itself: "${spawn.agent}", not "${as}".`,
			'Leave --as away.',
		);
	}
	return {from: spawn.agent, spawnId};
}

const claimWithinMs = 2 * second;
const pollMs = 50;

/**
 * The spawns that nobody has claimed in time. An agent's tools may run in a sandbox, which all that they start would
 * inherit: its supervisor, outside, starts what it asked for. Only when that one is gone they must do it themselves.
 */
async function unclaimed(world: World, ids: readonly SpawnId[]): Promise<readonly SpawnId[]> {
	const isPending = (id: SpawnId) => findSpawn(world.store, id)?.status === 'pending';
	for (const end = performance.now() + claimWithinMs; performance.now() < end; await delay(pollMs)) {
		if (!ids.some(isPending)) return [];
	}
	return ids.filter(isPending);
}

async function stop(target: StopTarget, world: World): Promise<ActionResult> {
	return {type: 'stopped', spawns: await stopSpawns(world, target, operatorOf(world))};
}
