import type {Claim} from './action.ts';
import type {RecordedEpisode} from './alert.ts';
import type {Denial} from './denial.ts';
import type {EventKind} from './event.ts';
import type {MessageId} from './message.ts';
import type {FailureCause, SpawnId} from './spawn.ts';
import type {Instant} from './time.ts';

/** Everything in the whole store that needs a person or may start: a window of spawns and messages cannot hold it. */
export interface Concerns {
	/** Calls of humans by agents since a human last spoke in the channel, oldest first. */
	readonly calls: readonly Call[];
	/** Held mentions, oldest first. */
	readonly held: readonly HeldConcern[];
	/** Final failures since the last success of that agent in that channel, oldest first. */
	readonly failures: readonly Failure[];
	/** Agents of which two spawns or more have ended, none ever with a session, although their CLI keeps sessions. */
	readonly sessionless: readonly Sessionless[];
	/** The latest spawns of agents that were refused something by their CLI, each agent's oldest first. */
	readonly denied: readonly DeniedSpawn[];
	/** For each channel the failures in a row that its breaker counts, oldest first. */
	readonly failuresInARow: ReadonlyMap<string, readonly Instant[]>;
	/** Pending spawns that a human asked for: they start before the others, and through a hold. */
	readonly askedByHuman: ReadonlySet<SpawnId>;
	/** When something last happened that may let a pending spawn start: a slot became free, a hold was lifted. */
	readonly freedAt: Instant | null;
	/** When a spawn last ended; null when none has. */
	readonly lastEndAt: Instant | null;
	/** When an agent's process last ended; null when none has. */
	readonly lastRunAt: Instant | null;
	/** Recorded alerts that are open, or were acknowledged lately. */
	readonly recorded: readonly RecordedEpisode[];
}

/** A message of an agent that calls a human. */
export interface Call {
	readonly messageId: MessageId;
	readonly channel: string;
	readonly agent: string;
	/** The spawn that wrote it; null when that is not known. */
	readonly spawnId: SpawnId | null;
	readonly claim: Claim | null;
	/** Its beginning. */
	readonly text: string;
	readonly at: Instant;
}

/** A mention that waits for the operator. */
export interface HeldConcern {
	readonly channel: string;
	readonly reason: string;
	readonly at: Instant;
	/** When its leash lets it go, if nothing else comes first; null when it does not start by itself. */
	readonly startsAt: Instant | null;
}

/** A spawn that failed for good. */
export interface Failure {
	readonly spawnId: SpawnId;
	readonly agent: string;
	readonly provider: string;
	readonly channel: string;
	readonly failure: string | null;
	/** What the failure says of its provider; null where it says nothing. */
	readonly cause: FailureCause | null;
	/** When it ended. */
	readonly at: Instant;
	/** The agent has not succeeded since in any channel, and still has the same provider. */
	readonly isInARow: boolean;
}

/** A spawn of an agent that was refused something, in this spawn or in another one. */
export interface DeniedSpawn {
	readonly spawnId: SpawnId;
	readonly agent: string;
	readonly channel: string;
	/** When it was created. */
	readonly at: Instant;
	readonly hasSucceeded: boolean;
	readonly denials: readonly Denial[];
}

/** How many of the latest spawns of an agent are asked whether they were refused something. */
export const latestSpawnsAsked = 50;

/** A spawn that has ended without a session, of an agent that never had one. */
export interface SessionlessSpawn {
	readonly agent: string;
	readonly provider: string;
	readonly spawnId: SpawnId;
	/** When it ended. */
	readonly at: Instant;
}

/** An agent whose spawns end without a session. */
export interface Sessionless extends SessionlessSpawn {
	/** Number of its spawns that have ended: `spawnId` is the latest of them, `at` the end of the second one. */
	readonly count: number;
}

/** Events that may let a pending spawn start which could not start before. */
export const freeingKinds: readonly EventKind[] = [
	'spawn-ended',
	'spawn-parked',
	'spawn-unclaimed',
	'spawn-unheld',
	'hold-lifted',
	'limits-changed',
	'log-began',
];

const longestBeginning = 160;

/** The beginning of a text, as one line. */
export function beginningOf(text: string): string {
	const line = text.trim().replaceAll(/\s+/g, ' ');
	return line.length <= longestBeginning ? line : `${line.slice(0, longestBeginning - 1)}…`;
}

/** Concerns of a store in which nothing has happened. */
export const noConcerns: Concerns = {
	calls: [],
	held: [],
	failures: [],
	sessionless: [],
	denied: [],
	failuresInARow: new Map(),
	askedByHuman: new Set(),
	freedAt: null,
	lastEndAt: null,
	lastRunAt: null,
	recorded: [],
};

/** The calls by agents that cannot continue, unless the same agent has called its task done since. */
export function blockedCalls(calls: readonly Call[]): readonly Call[] {
	const doneAt = new Map<string, number>();
	for (const [index, call] of calls.entries()) if (call.claim === 'done') doneAt.set(callerOf(call), index);
	return calls.filter(
		(call, index) => call.claim === 'blocked' && index > (doneAt.get(callerOf(call)) ?? -1),
	);
}

/** The calls that say neither that a task is done nor that an agent cannot continue. */
export function openCalls(calls: readonly Call[]): readonly Call[] {
	return calls.filter(({claim}) => claim === null);
}

function callerOf({agent, channel}: Call): string {
	return `${agent} #${channel}`;
}
