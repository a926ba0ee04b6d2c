import type {Denial} from './denial.ts';
import {awakeBetween, type Gap, gapsOf} from './gap.ts';
import type {MessageId} from './message.ts';
import type {Instant, Milliseconds} from './time.ts';
import type {Used} from './usage.ts';

export type SpawnId = string;

/** Where a spawn is in its life. `killed` is final, whatever is written later. */
export type Status = 'pending' | 'running' | 'completed' | 'failed' | 'timeout' | 'killed';

/** How a spawn can end. */
export type EndStatus = Exclude<Status, 'pending' | 'running'>;

/** A process that cannot be confused with a later one of the same PID. */
export interface ProcessIdentity {
	readonly pid: number;
	/** Opaque; equal only for the very same process of the very same boot. */
	readonly started: string;
}

/** Where processes run: PIDs mean something only there. */
export interface Habitat {
	/** Id of the machine; null where nobody recorded it. */
	readonly machine: string | null;
	/** The boot of the machine. */
	readonly boot: string;
	/** The namespace of its PIDs; null where nobody recorded it, or the system has none. */
	readonly namespace: string | null;
}

/** The reasons why no spawn of a provider can succeed now: its login is refused, or its program is missing. */
export const failureCauses = ['login', 'program'] as const;

/** One of these reasons. */
export type FailureCause = (typeof failureCauses)[number];

/** The record of one launched agent. */
export interface Spawn extends Used, Habitat {
	readonly id: SpawnId;
	/** The order of spawns, among all that is recorded. */
	readonly sequence: number;
	readonly parentId: SpawnId | null;
	/** Identity of the agent. */
	readonly agent: string;
	readonly model: string | null;
	readonly provider: string;
	readonly role: string | null;
	readonly channel: string;
	readonly status: Status;
	/** The message that triggered it. */
	readonly messageId: MessageId | null;
	/** The message at the root of its chain, which a human wrote; null where it is not known. */
	readonly rootMessageId: MessageId | null;
	/** The ended spawn that the operator retries with this one; null when this is not a retry. */
	readonly retryOf: SpawnId | null;
	/** The CLI's own name for its conversation; null until it reveals it. */
	readonly sessionId: string | null;
	/** The agent's process of the latest attempt; null before it started. */
	readonly process: ProcessIdentity | null;
	readonly supervisor: ProcessIdentity | null;
	/** Number of the latest attempt, 0 before the first. */
	readonly attempt: number;
	readonly createdAt: Instant;
	/** Start of the first attempt. */
	readonly startedAt: Instant | null;
	/** Start of the latest attempt. */
	readonly attemptStartedAt: Instant | null;
	readonly attemptEndedAt: Instant | null;
	readonly endedAt: Instant | null;
	readonly lastOutputAt: Instant | null;
	readonly exitCode: number | null;
	readonly signal: string | null;
	/** Why it failed, in a few words; null unless it did. */
	readonly failure: string | null;
	/** What its failure says of its provider; null where it says nothing. */
	readonly cause: FailureCause | null;
	/** Identity that asked for its end. */
	readonly killedBy: string | null;
	/** Path of the CLI's own session file of the latest attempt; null until it is found. */
	readonly sessionFile: string | null;
	/** The call that the CLI only repeats, how often, and since when; null while it makes progress. */
	readonly retry: {readonly text: string; readonly count: number; readonly since: Instant} | null;
	/** The oldest call of a tool that has no result yet, and when it was first seen; null while none is open. */
	readonly openCall: {readonly text: string; readonly since: Instant} | null;
	/** When the processes of the latest attempt last used CPU time while a call was open; null when nobody saw that. */
	readonly lastCpuAt: Instant | null;
	/** The calls that its CLI refused, over all of its attempts, first seen first. */
	readonly denials: readonly Denial[];
	/** Why the operator must release it before it starts; null when nothing holds it. */
	readonly hold: string | null;
	/** When the operator last released it; null when nobody has. */
	readonly releasedAt: Instant | null;
	/** Processes that were seen to belong to its latest attempt: they may have left its group and its environment since. */
	readonly seenProcesses: readonly ProcessIdentity[];
	/** Its chain was killed, so that it starts nothing any more, even if it had ended before. */
	readonly isTombstone: boolean;
	/** Its quota stopped its latest attempt. */
	readonly isParked: boolean;
	/** Completed, but it resumes when it is mentioned again; only space-os has such spawns. */
	readonly isWaiting?: boolean;
	/** When its quota is back; null unless it was parked. */
	readonly resumeAt: Instant | null;
}

/** True for a spawn that has not ended. */
export function isLive(spawn: {readonly status: Status}): boolean {
	return spawn.status === 'pending' || spawn.status === 'running';
}

/**
 * The duration of a spawn so far, or in total, since its first start, else since it was created. Where no end is
 * recorded, its latest attempt's end counts. The time that its machine slept, which `gaps` hold, does not count.
 */
export function durationOf(spawn: Spawn, now: Instant, gaps: readonly Gap[]): Milliseconds {
	const start = spawn.startedAt ?? spawn.createdAt;
	const end = spawn.endedAt ?? (isLive(spawn) ? now : (spawn.attemptEndedAt ?? start));
	return awakeBetween(gapsOf(gaps, spawn), start, end);
}

const id = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** True for a text that has the form of an id of ours: only such a text may become a part of a path. */
export function isSpawnId(text: string): boolean {
	return id.test(text);
}

const shortestId = 4;

/** The usual short form of an id that is shown alone: its ending, because the beginning is the time. */
export function shortId(id: SpawnId): string {
	return id.slice(-shortestId);
}

/** The name of a spawn for a text that shows it alone: `hailot #3f2a`. */
export function nameOf({agent, id}: Pick<Spawn, 'agent' | 'id'>): string {
	return `${agent} #${shortId(id)}`;
}

/** For each id the shortest ending, of 4 characters or more, that no other of them has. */
export function shortIds(ids: readonly SpawnId[]): ReadonlyMap<SpawnId, string> {
	const shortened = new Map<SpawnId, string>();
	let unsettled = [...new Set(ids)];
	for (let length = shortestId; unsettled.length > 0; length += 1) {
		const byEnding = Map.groupBy(unsettled, id => id.slice(-length));
		unsettled = [];
		for (const [ending, sharing] of byEnding) {
			if (sharing.length === 1 || ending.length < length) shortened.set(sharing[0] as SpawnId, ending);
			else unsettled.push(...sharing);
		}
	}
	return shortened;
}

/** How many spawns are in each status. */
export function totalsOf(spawns: readonly {readonly status: Status}[]): Readonly<Record<Status, number>> {
	const totals = {pending: 0, running: 0, completed: 0, failed: 0, timeout: 0, killed: 0};
	for (const {status} of spawns) totals[status] += 1;
	return totals;
}
