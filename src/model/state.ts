import {awakeBetween, type Gap} from './gap.ts';
import {type Limits, unclaimedAfterMs} from './limits.ts';
import type {Turn} from './queue.ts';
import {type EndStatus, isLive, type Spawn} from './spawn.ts';
import {isStuck, type Standstill} from './supervisor.ts';
import type {Instant, Milliseconds} from './time.ts';

/** The states of a spawn at one instant, each in one word. Computed, never stored. */
export const states = [
	'queued',
	'held',
	'quota',
	'starting',
	'working',
	'stopping',
	'stalled',
	'no-session',
	'overdue',
	'orphan',
	'lost',
	'stuck',
	'stray',
	'elsewhere',
	'blocked',
	'waiting',
	'completed',
	'failed',
	'timeout',
	'killed',
] as const;

export type State = (typeof states)[number];

/** The operating system's facts about a spawn. */
export interface ProcessFacts {
	/** The very process of the record runs. */
	readonly isAlive: boolean;
	readonly isSupervised: boolean;
	/** Its living supervisor gives no sign of life; null while it does. */
	readonly standstill: Standstill | null;
	/** What its supervisor waits for, such as room on the disk; null for nothing. */
	readonly waitsFor: string | null;
	/** Last growth of the latest attempt's output or session file; null when there is no file. */
	readonly lastOutputAt: Instant | null;
	/** CPU time that the process and its group have used; null when nobody looked. */
	readonly cpuMs: Milliseconds | null;
	/** Living processes that carry an ended spawn's marker. */
	readonly strays: readonly number[];
	/** The provider's CLI keeps a session file, so that a missing session means something. */
	readonly keepsSession: boolean;
	/** Its output can be seen; where it cannot, silence means nothing. */
	readonly hasOutput: boolean;
	/** Why the process with the recorded PID is not the spawn's; null when it is, or when there is none. */
	readonly evidence: string | null;
}

/** The facts of a spawn that nobody looked at. */
export const noFacts: ProcessFacts = {
	isAlive: false,
	isSupervised: false,
	standstill: null,
	waitsFor: null,
	lastOutputAt: null,
	cpuMs: null,
	strays: [],
	keepsSession: false,
	hasOutput: false,
	evidence: null,
};

/** The facts that decide the state of a spawn besides its record and its processes. */
export interface Circumstances {
	readonly at: Instant;
	readonly limits: Limits;
	/** When its machine slept. */
	readonly gaps: readonly Gap[];
	/** The other place that it belongs to, in words; null when it belongs here. */
	readonly elsewhere: string | null;
	/** Why it has not started; null unless it is pending and might. */
	readonly turn: Turn | null;
	/** It has said that it cannot continue, and no human has answered. */
	readonly isBlocked: boolean;
}

/** The state of a spawn. */
export function stateOf(spawn: Spawn, facts: ProcessFacts, circumstances: Circumstances): State {
	if (circumstances.elsewhere !== null && isLive(spawn)) return 'elsewhere';
	switch (spawn.status) {
		case 'pending':
			return pendingStateOf(spawn, circumstances);
		case 'running':
			return runningStateOf(spawn, facts, circumstances);
		default:
			if (facts.strays.length > 0) return 'stray';
			if (circumstances.isBlocked && spawn.status === 'completed') return 'blocked';
			return spawn.isWaiting ? 'waiting' : spawn.status;
	}
}

function pendingStateOf(spawn: Spawn, {at, turn, gaps}: Circumstances): State {
	if (spawn.killedBy !== null) return 'stopping';
	if (spawn.hold !== null || turn?.type === 'rebooted') return 'held';
	if (spawn.resumeAt !== null && spawn.resumeAt > at) return 'quota';
	switch (turn?.type) {
		case 'next':
			return awakeBetween(gaps, turn.since, at) >= unclaimedAfterMs ? 'lost' : 'starting';
		case 'held':
			return 'held';
		default:
			return 'queued';
	}
}

function runningStateOf(spawn: Spawn, facts: ProcessFacts, {at, limits, gaps}: Circumstances): State {
	if (facts.standstill !== null && isStuck(facts.standstill)) return 'stuck';
	if (spawn.killedBy !== null && facts.isSupervised) return 'stopping';
	if (!facts.isAlive) return facts.isSupervised ? 'starting' : 'orphan';
	if (silenceOf(spawn, facts, at, gaps) >= limits.stallAfterMs) return 'stalled';
	const runTime = awakeBetween(gaps, spawn.attemptStartedAt ?? at, at);
	if (facts.keepsSession && spawn.sessionId === null && runTime >= limits.stallAfterMs) return 'no-session';
	return runTime >= limits.overdueAfterMs ? 'overdue' : 'working';
}

/** True for the state of a spawn that has ended and needs no further word. */
export function isEnd(state: State): state is EndStatus {
	return state === 'completed' || state === 'failed' || state === 'timeout' || state === 'killed';
}

/**
 * How long the latest attempt has printed nothing, or nothing except that it tries again. The time that its machine slept
 * does not count.
 */
export function silenceOf(
	spawn: Spawn,
	facts: ProcessFacts,
	at: Instant,
	gaps: readonly Gap[],
): Milliseconds {
	return awakeBetween(gaps, silentSince(spawn, facts) ?? at, at);
}

/**
 * When the silence of a running spawn began; null where silence means nothing. An open call is work while its processes
 * use CPU time.
 */
export function silentSince(
	{retry, attemptStartedAt, openCall, lastCpuAt}: Spawn,
	{hasOutput, lastOutputAt}: ProcessFacts,
): Instant | null {
	if (!hasOutput) return null;
	const since = retry?.since ?? lastOutputAt ?? attemptStartedAt;
	return openCall === null || since === null ? since : Math.max(since, lastCpuAt ?? since);
}
