import type {Claim, HoldScope} from './action.ts';
import type {Agent} from './agent.ts';
import type {Alert} from './alert.ts';
import type {Denial} from './denial.ts';
import type {Gap} from './gap.ts';
import type {Limits} from './limits.ts';
import type {MentionRecord} from './mention.ts';
import type {Message, MessageId} from './message.ts';
import type {Spawn, SpawnId} from './spawn.ts';
import type {Instant} from './time.ts';
import type {Used} from './usage.ts';

/** All that is recorded of a raid. The store holds it, and its log can rebuild it. */
export interface RaidRecord {
	/** In the order of their sequence, as are channels, spawns, messages, mentions and holds. */
	readonly agents: readonly AgentRecord[];
	readonly channels: readonly ChannelRecord[];
	readonly spawns: readonly SpawnRecord[];
	readonly messages: readonly MessageRecord[];
	readonly mentions: readonly MentionRecord[];
	readonly holds: readonly HoldRecord[];
	/** The latest refill of each chain's leash, in the order in which they happened. */
	readonly leashes: readonly LeashRecord[];
	/** Limits that were changed while the raid ran. */
	readonly limits: Partial<Limits>;
	/** In the order in which they were first opened. */
	readonly alerts: readonly AlertRecord[];
	/** When machines slept, in the order in which it was noticed. */
	readonly gaps: readonly Gap[];
	/** When each identity last looked at the raid. */
	readonly seen: Readonly<Record<string, Instant>>;
}

/** An identity, without the sums that are counted over its spawns. */
export interface AgentRecord
	extends Pick<
		Agent,
		| 'identity'
		| 'model'
		| 'provider'
		| 'role'
		| 'constitution'
		| 'launch'
		| 'createdAt'
		| 'archivedAt'
		| 'spawns'
	> {
	/** When it last posted. */
	readonly lastActiveAt: Instant | null;
}

/** A channel, without the counts over its messages. */
export interface ChannelRecord {
	readonly name: string;
	readonly topic: string | null;
	readonly createdAt: Instant;
	readonly archivedAt: Instant | null;
	/** Spawns that failed one after the other, since a success, a human message or a release. */
	readonly failuresInARow: number;
	/** Sequence of the last message that a human wrote here; 0 when no human has. */
	readonly lastHumanSequence: number;
}

/** A spawn with each of its attempts. */
export interface SpawnRecord extends Spawn {
	/** SHA-256 of the instructions that it was given; null before. */
	readonly constitutionHash: string | null;
	readonly attempts: readonly AttemptRecord[];
}

/** One run of the CLI within a spawn. */
export interface AttemptRecord extends Used {
	readonly attempt: number;
	readonly pid: number | null;
	readonly startedAt: Instant;
	readonly endedAt: Instant | null;
	readonly lastOutputAt: Instant | null;
	readonly exitCode: number | null;
	readonly signal: string | null;
	readonly failure: string | null;
	/** Its quota stopped it. */
	readonly isParked: boolean;
	readonly sessionId: string | null;
	/** The calls that its CLI refused. */
	readonly denials: readonly Denial[];
}

/** A message, with its author and its claim. */
export interface MessageRecord extends Message {
	readonly sequence: number;
	/** The spawn that wrote it; null for an operator's. */
	readonly spawnId: SpawnId | null;
	readonly claim: Claim | null;
}

/** A hold that is in force. */
export interface HoldRecord {
	readonly scope: HoldScope;
	readonly by: string;
	readonly at: Instant;
}

/** The latest refill of the leash of one chain. */
export interface LeashRecord {
	/** The message at the root of the chain. */
	readonly root: MessageId;
	readonly sequence: number;
	readonly at: Instant;
}

/** An alert as it was when it was opened. */
export type OpenedAlert = Pick<
	Alert,
	'id' | 'kind' | 'severity' | 'subject' | 'spawn' | 'channel' | 'text' | 'since'
>;

/** An alert as the store keeps it. */
export interface AlertRecord extends OpenedAlert {
	readonly openedAt: Instant;
	/** When somebody was last notified. */
	readonly notifiedAt: Instant | null;
	readonly acknowledgedAt: Instant | null;
	readonly acknowledgedBy: string | null;
	/** Null while it is open. */
	readonly closedAt: Instant | null;
}
