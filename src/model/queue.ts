import type {HoldScope} from './action.ts';
import type {Concerns} from './concern.ts';
import type {Limits} from './limits.ts';
import {isElsewhere, placeOf} from './place.ts';
import type {Habitat, Spawn, SpawnId} from './spawn.ts';
import {isFromBeforeStop} from './stopped.ts';
import type {Instant} from './time.ts';

/** Why a pending spawn has not started yet. */
export type Turn =
	/** A slot is free for it: its supervisor is expected, since that instant. */
	| {readonly type: 'next'; readonly since: Instant}
	/** It waits for a slot; 1 is the first of those who wait. */
	| {readonly type: 'behind'; readonly position: number}
	/** A hold of its channel or its agent keeps it. */
	| {readonly type: 'held'}
	/** It has waited since before the machine restarted: it will be held. */
	| {readonly type: 'rebooted'};

/** The facts that decide which spawn may start. */
export interface QueueParts {
	/** Oldest first; all that are live are among them. */
	readonly spawns: readonly Spawn[];
	/** The scopes in which agents start nothing new. */
	readonly holds: readonly HoldScope[];
	readonly concerns: Pick<Concerns, 'askedByHuman' | 'freedAt'>;
	/** Where processes run at present: other spawns do not start by themselves. */
	readonly here: Habitat;
	/** When everything was last stopped; null when it never was. */
	readonly stoppedAt: Instant | null;
	readonly limits: Limits;
	readonly at: Instant;
}

/**
 * The turn of each pending spawn that nothing of its own keeps from starting: neither its hold, its quota, nor a kill.
 * Spawns that a human asked for come first, then the oldest, exactly as they are claimed.
 */
export function queueOf(parts: QueueParts): ReadonlyMap<SpawnId, Turn> {
	const {spawns, holds, concerns, here, stoppedAt, limits, at} = parts;
	const {askedByHuman, freedAt} = concerns;
	const running = spawns.filter(spawn => spawn.status === 'running' && !isElsewhere(spawn, here)).length;
	const free = Math.max(0, limits.maxLive - running);
	const isOnHold = (spawn: Spawn) =>
		isFromBeforeStop(spawn, stoppedAt) ||
		(!askedByHuman.has(spawn.id) && holds.some(scope => isHeldBy(scope, spawn)));
	const ready = spawns.filter(spawn => isReady(spawn, here, at));
	const waiting = ready.filter(spawn => !isOnHold(spawn));
	const order = [
		...waiting.filter(({id}) => askedByHuman.has(id)),
		...waiting.filter(({id}) => !askedByHuman.has(id)),
	];
	const turns = new Map<SpawnId, Turn>();
	for (const spawn of spawns) {
		if (isUnheld(spawn) && placeOf(spawn, here) === 'rebooted') turns.set(spawn.id, {type: 'rebooted'});
	}
	for (const {id} of ready) turns.set(id, {type: 'held'});
	for (const [index, spawn] of order.entries()) {
		const since = Math.max(spawn.createdAt, spawn.resumeAt ?? 0, freedAt ?? 0);
		turns.set(spawn.id, index < free ? {type: 'next', since} : {type: 'behind', position: index - free + 1});
	}
	return turns;
}

function isReady(spawn: Spawn, here: Habitat, at: Instant): boolean {
	return (
		isUnheld(spawn) && placeOf(spawn, here) === 'here' && (spawn.resumeAt === null || spawn.resumeAt <= at)
	);
}

function isUnheld(spawn: Spawn): boolean {
	return spawn.status === 'pending' && spawn.hold === null && spawn.killedBy === null;
}

function isHeldBy(scope: HoldScope, {channel, agent}: Spawn): boolean {
	switch (scope.type) {
		case 'all':
			return true;
		case 'channel':
			return scope.channel === channel;
		case 'agent':
			return scope.agent === agent;
	}
}
