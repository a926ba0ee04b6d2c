import type {Claim, HoldScope, Registration} from './action.ts';
import type {Exit} from './attempt.ts';
import type {Denial} from './denial.ts';
import type {Gap} from './gap.ts';
import type {Limits} from './limits.ts';
import type {DecidedMention, HoldReason, MentionRecord} from './mention.ts';
import type {MessageId} from './message.ts';
import type {
	AgentRecord,
	AlertRecord,
	ChannelRecord,
	HoldRecord,
	MessageRecord,
	OpenedAlert,
	SpawnRecord,
} from './record.ts';
import type {EndStatus, FailureCause, Habitat, ProcessIdentity, Spawn, SpawnId} from './spawn.ts';
import type {Instant} from './time.ts';

/** The provider that runs a spawn, with the agent's model and role: the agent may change while the spawn waits. */
export type Engine = Pick<Spawn, 'provider' | 'model' | 'role'>;

/** Where a spawn comes from, and the machine that it belongs to. */
export type SpawnParentage = Habitat &
	Pick<Spawn, 'agent' | 'parentId' | 'messageId' | 'rootMessageId' | 'retryOf'>;

/**
 * The progress of an attempt, by its output and its processes so far. A null leaves what is recorded as it is, except for
 * `retry` and `openCall`.
 */
export interface Progress {
	readonly sessionId: string | null;
	readonly tokensIn: number | null;
	readonly tokensOut: number | null;
	readonly costUsd: number | null;
	readonly retry: Spawn['retry'];
	readonly lastOutputAt: Instant | null;
	readonly openCall: Spawn['openCall'];
	/** When its processes were last seen to have used CPU time while a call was open. */
	readonly lastCpuAt: Instant | null;
	/** Everything that the CLI has refused in this attempt. */
	readonly denials: readonly Denial[];
}

interface OfSpawn {
	readonly spawn: SpawnId;
}

interface OfAttempt extends OfSpawn {
	readonly attempt: number;
}

/** Everything that can happen to the records, by kind, with the payload of each kind. */
interface Happenings {
	/** An event of an older version, of which only the words are known. */
	readonly unknown: {
		readonly spawn: SpawnId | null;
		readonly channel: string | null;
		readonly words: string;
		readonly detail: string | null;
	};
	/** Of the time before it only the `imported` events that follow are known. */
	readonly 'log-began': {readonly version: string};
	/** A record that was there when the log began. */
	readonly imported: {readonly spawn: SpawnId | null; readonly record: Imported};

	readonly 'agent-registered': {readonly agent: Registration};
	readonly 'channel-created': {readonly channel: string; readonly topic: string | null};
	readonly 'message-posted': {
		readonly channel: string;
		readonly spawn: SpawnId | null;
		readonly id: MessageId;
		readonly from: string;
		readonly text: string;
		readonly claim: Claim | null;
		readonly isHuman: boolean;
	};
	readonly 'mention-decided': {readonly mention: DecidedMention};
	/** `by` released or dropped it; null where raid itself settled it. */
	readonly 'mention-settled': {readonly mention: DecidedMention; readonly by: string | null};

	readonly 'spawn-created': OfSpawn & {readonly channel: string} & SpawnParentage & Engine;
	readonly 'spawn-claimed': OfSpawn & Engine & {readonly supervisor: ProcessIdentity};
	readonly 'spawn-unclaimed': OfSpawn;
	readonly 'spawn-adopted': OfSpawn & {readonly supervisor: ProcessIdentity};
	/** It did not move, and was ended, so that another one could take over. */
	readonly 'supervisor-stuck': OfSpawn & {readonly supervisor: ProcessIdentity; readonly evidence: string};
	readonly 'spawn-parked': OfSpawn & {readonly resumeAt: Instant};
	readonly 'spawn-held': OfSpawn & {readonly reason: HoldReason};
	readonly 'spawn-unheld': OfSpawn & Habitat & {readonly by: string};
	/** The processes of the latest attempt that are known now, in place of those that were. */
	readonly 'processes-seen': OfSpawn & {readonly processes: readonly ProcessIdentity[]};
	readonly 'kill-asked': OfSpawn & {readonly by: string};
	readonly 'chain-killed': OfSpawn;
	readonly 'constitution-given': OfSpawn & {readonly hash: string};
	readonly 'spawn-ended': OfSpawn & {
		readonly channel: string;
		readonly status: EndStatus;
		readonly failure: string | null;
		/** Missing in events of older versions. */
		readonly cause?: FailureCause | null;
	};

	readonly 'attempt-began': OfAttempt;
	readonly 'attempt-started': OfAttempt & {readonly process: ProcessIdentity};
	readonly 'attempt-progressed': OfAttempt & Progress;
	readonly 'session-file-found': OfAttempt & {readonly path: string};
	readonly 'attempt-ended': OfAttempt & {
		readonly exit: Exit;
		readonly failure: string | null;
		readonly lastOutputAt: Instant | null;
		readonly isParked: boolean;
	};
	/** A failed attempt is followed by another one. */
	readonly 'attempt-retried': OfAttempt & {readonly failure: string};

	readonly 'hold-placed': {readonly scope: HoldScope; readonly by: string};
	readonly 'hold-lifted': {readonly scope: HoldScope; readonly by: string};
	/** The leash of the chain that this message began is whole again. */
	readonly 'leash-refilled': {readonly root: MessageId; readonly by: string};
	readonly 'breaker-closed': {readonly channel: string; readonly by: string};
	/** Null gives a limit back to `config.json`. */
	readonly 'limits-changed': {
		readonly limits: {readonly [K in keyof Limits]?: Limits[K] | null};
		readonly by: string;
	};
	readonly 'alert-opened': {readonly alert: OpenedAlert};
	readonly 'alert-notified': {readonly alert: string};
	readonly 'alert-acknowledged': {readonly alert: string; readonly by: string};
	/** `text` is what the alert said when it opened, so that the event can be read alone. */
	readonly 'alert-closed': {readonly alert: string; readonly text: string};
	/** A machine slept: nothing on it could run. */
	readonly gap: Gap;
	readonly 'operator-looked': {readonly by: string};
}

/** A record that a store held before it had a log. */
export type Imported =
	| {readonly type: 'agent'; readonly record: AgentRecord}
	| {readonly type: 'channel'; readonly record: ChannelRecord}
	| {readonly type: 'message'; readonly record: MessageRecord}
	| {readonly type: 'mention'; readonly record: MentionRecord}
	| {readonly type: 'spawn'; readonly record: SpawnRecord}
	| {readonly type: 'hold'; readonly record: HoldRecord}
	| {readonly type: 'alert'; readonly record: AlertRecord};

export type EventKind = keyof Happenings;

/** Something that happens at an instant, before it is in the log. */
export type NewEvent<K extends EventKind = EventKind> = {
	[P in K]: {readonly kind: P; readonly at: Instant} & Happenings[P];
}[K];

/** A line of the log. */
export type Event<K extends EventKind = EventKind> = NewEvent<K> & {
	/** The order of everything. */
	readonly sequence: number;
	/** Id of the machine that it happened on; null where nobody recorded it. */
	readonly host: string | null;
};
