import {type Limits, unclaimedAfterMs} from './limits.ts';
import {isLive, type Spawn} from './spawn.ts';
import type {Instant, Milliseconds} from './time.ts';

/** How a spawn is, at one instant. Computed, never stored. */
export type Health =
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
	| 'waiting'
	| 'ended';

export type Severity = 'warning' | 'critical';

/** What the operating system says of a spawn. */
export interface ProcessFacts {
	/** The very process of the record runs. */
	readonly isAlive: boolean;
	readonly isSupervised: boolean;
	/** Last growth of the latest attempt's output or transcript; null when there is no file. */
	readonly lastOutputAt: Instant | null;
	/** CPU time that the process and its group have used; null when nobody looked. */
	readonly cpuMs: Milliseconds | null;
	/** Living processes that carry an ended spawn's marker. */
	readonly strays: readonly number[];
	/** The provider's CLI keeps a transcript, so that a missing session means something. */
	readonly keepsSession: boolean;
	/** Something tells when it prints; where nothing does, silence means nothing. */
	readonly hasOutput: boolean;
	/** Why the process with the recorded PID is not the spawn's; null when it is, or there is none. */
	readonly evidence: string | null;
}

/** What is known of a spawn that nothing was asked about. */
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

/** The health of a spawn at `now`. `isFull` tells whether all places of the workspace are taken. */
export function healthOf(
	spawn: Spawn,
	facts: ProcessFacts,
	now: Instant,
	limits: Limits,
	isFull: boolean,
): Health {
	if (!isLive(spawn)) return facts.strays.length > 0 ? 'stray' : spawn.isWaiting ? 'waiting' : 'ended';
	if (spawn.status === 'pending') {
		if (spawn.hold !== null) return 'held';
		if (spawn.resumeAt !== null && spawn.resumeAt > now) return 'quota';
		if (isFull) return 'queued';
		return now - Math.max(spawn.createdAt, spawn.resumeAt ?? 0) >= unclaimedAfterMs ? 'lost' : 'starting';
	}
	if (spawn.killedBy !== null && facts.isSupervised) return 'stopping';
	if (!facts.isAlive) return facts.isSupervised ? 'starting' : 'orphan';
	if (silenceOf(spawn, facts, now) >= limits.stallAfterMs) return 'stalled';
	const runTime = now - (spawn.attemptStartedAt ?? now);
	if (facts.keepsSession && spawn.sessionId === null && runTime >= limits.stallAfterMs) return 'no-session';
	return runTime >= limits.overdueAfterMs ? 'overdue' : 'working';
}

/** How long the latest attempt has printed nothing, or nothing but that it tries again. */
export function silenceOf({retry, attemptStartedAt}: Spawn, facts: ProcessFacts, now: Instant): Milliseconds {
	if (!facts.hasOutput) return 0;
	return Math.max(0, now - (retry?.since ?? facts.lastOutputAt ?? attemptStartedAt ?? now));
}

/** How bad it is; null when all is well. */
export function severityOf(health: Health): Severity | null {
	switch (health) {
		case 'orphan':
		case 'stray':
		case 'lost':
			return 'critical';
		case 'stalled':
		case 'no-session':
		case 'overdue':
		case 'quota':
			return 'warning';
		default:
			return null;
	}
}
