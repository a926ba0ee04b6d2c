import {unclaimedAfterMs} from './limits.ts';
import type {Place} from './place.ts';
import type {Spawn} from './spawn.ts';
import type {Instant} from './time.ts';

/** The facts about one live spawn that reconcile goes by. */
export interface RecoveryFacts {
	/** The agent's process runs (the recorded one, or one found by its marker), or has left its exit code to whoever takes over. */
	readonly isAlive: boolean;
	readonly isSupervised: boolean;
	/** It is pending, nothing holds it, and a slot is free. */
	readonly mayStart: boolean;
	readonly place: Place;
	/** It was asked for before everything was stopped, and nobody has released it since. */
	readonly isStopped: boolean;
}

/** The way to mend a live spawn after a crash. */
export type Recovery =
	/** Nothing. */
	| 'none'
	/** Pending and claimed by nobody: start its supervisor again. */
	| 'start'
	/** It was to end while it was pending, and the stop that asked for it died: end it. */
	| 'end'
	/** It waited through a reboot: hold it until the operator releases it. */
	| 'suspend'
	/** Everything was stopped while it waited: hold it until the operator releases it. */
	| 'hold'
	/** Claimed, but no attempt was begun before the supervisor died: give the claim back, then start. */
	| 'unclaim'
	/** The agent works, or has ended, without a supervisor: a new one takes over. */
	| 'adopt'
	/** Nothing of it is left: mark it failed. */
	| 'orphan';

/** Decides how to mend one live spawn. */
export function recoveryOf(spawn: Spawn, facts: RecoveryFacts, now: Instant): Recovery {
	// Another place has its own processes, and mends them itself.
	if (facts.place === 'elsewhere') return 'none';
	if (spawn.status === 'pending') {
		if (spawn.killedBy !== null) return 'end';
		if (facts.place === 'rebooted' && spawn.hold === null) return 'suspend';
		if (facts.isStopped) return spawn.hold === null ? 'hold' : 'none';
		const since = Math.max(spawn.createdAt, spawn.resumeAt ?? 0);
		return facts.mayStart && now - since >= unclaimedAfterMs ? 'start' : 'none';
	}
	if (facts.isSupervised) return 'none';
	if (facts.isAlive) return 'adopt';
	const isUnbegun = spawn.attempt === 0 || spawn.isParked;
	return isUnbegun && spawn.killedBy === null && !facts.isStopped ? 'unclaim' : 'orphan';
}
