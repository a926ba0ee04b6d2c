import {type Limits, unclaimedAfterMs} from './limits.ts';
import type {EndStatus, Spawn} from './spawn.ts';
import type {Instant, Milliseconds} from './time.ts';

/** What a spawn is, at one instant, in one word. Computed, never stored. */
export type State =
	| 'queued'
	| 'held'
	| 'quota'
	| 'starting'
	| 'working'
	| 'stopping'
	| 'stalled'
	| 'no-session'
	| 'overdue'
	| 'orphan'
	| 'lost'
	| 'stray'
	| 'blocked'
	| 'waiting'
	| EndStatus;

/** What the operating system says of a spawn. */
export interface ProcessFacts {
	/** The very process of the record runs. */
	readonly isAlive: boolean;
	readonly isSupervised: boolean;
	/** Last growth of the latest attempt's output or session file; null when there is no file. */
	readonly lastOutputAt: Instant | null;
	/** CPU time that the process and its group have used; null when nobody looked. */
	readonly cpuMs: Milliseconds | null;
	/** Living processes that carry an ended spawn's marker. */
	readonly strays: readonly number[];
	/** The provider's CLI keeps a session file, so that a missing session means something. */
	readonly keepsSession: boolean;
	/** Something tells when it prints; where nothing does, silence means nothing. */
	readonly hasOutput: boolean;
	/** Why the process with the recorded PID is not the spawn's; null when it is, or there is none. */
	readonly evidence: string | null;
}

/** The facts of a spawn that nothing was asked about. */
export const noFacts: ProcessFacts = {
	isAlive: false,
	isSupervised: false,
	lastOutputAt: null,
	cpuMs: null,
	strays: [],
	keepsSession: false,
	hasOutput: false,
	evidence: null,
};

/** The state of a spawn at `now`. `isFull` is true while all slots of the workspace are taken. */
export function stateOf(
	spawn: Spawn,
	facts: ProcessFacts,
	now: Instant,
	limits: Limits,
	isFull: boolean,
): State {
	const {status} = spawn;
	if (status === 'pending') {
		if (spawn.hold !== null) return 'held';
		if (spawn.resumeAt !== null && spawn.resumeAt > now) return 'quota';
		if (isFull) return 'queued';
		return now - Math.max(spawn.createdAt, spawn.resumeAt ?? 0) >= unclaimedAfterMs ? 'lost' : 'starting';
	}
	if (status !== 'running') return facts.strays.length > 0 ? 'stray' : spawn.isWaiting ? 'waiting' : status;
	if (spawn.killedBy !== null && facts.isSupervised) return 'stopping';
	if (!facts.isAlive) return facts.isSupervised ? 'starting' : 'orphan';
	if (silenceOf(spawn, facts, now) >= limits.stallAfterMs) return 'stalled';
	const runTime = now - (spawn.attemptStartedAt ?? now);
	if (facts.keepsSession && spawn.sessionId === null && runTime >= limits.stallAfterMs) return 'no-session';
	return runTime >= limits.overdueAfterMs ? 'overdue' : 'working';
}

/** True for a state of a spawn that ended and of which nothing is left to say. */
export function isEnd(state: State): state is EndStatus {
	return state === 'completed' || state === 'failed' || state === 'timeout' || state === 'killed';
}

/** How long the latest attempt has printed nothing, or nothing but that it tries again. */
export function silenceOf({retry, attemptStartedAt}: Spawn, facts: ProcessFacts, now: Instant): Milliseconds {
	if (!facts.hasOutput) return 0;
	return Math.max(0, now - (retry?.since ?? facts.lastOutputAt ?? attemptStartedAt ?? now));
}
