import type {Action, ActionResult} from './model/action.ts';
import type {Fields} from './model/agent.ts';
import type {MentionRecord} from './model/mention.ts';
import type {MessageId, MessageWithMentions} from './model/message.ts';
import type {Raid} from './model/raid.ts';
import type {SpawnId} from './model/spawn.ts';

/** How much of a store a picture of the raid holds. */
export interface Scope {
	/** Channel of the messages; when not given, the one that was spoken in last. */
	readonly channel?: string | undefined;
	/** Every spawn, or the live and the latest. */
	readonly isWhole?: boolean;
}

/** Living processes that carry a spawn's marker, by spawn. */
export type Strays = ReadonlyMap<SpawnId, readonly number[]>;

/** Tells the raid as it is when it is called, of records that were read before. */
export type Look = (strays: Strays) => Raid;

/** A line of the ledger, with where it comes from. */
export interface LedgerLine extends MentionRecord {
	readonly channel: string;
	readonly from: string;
}

/** The log of a spawn, as it is at present. */
export interface SpawnLog {
	readonly provider: string;
	/** Of an agent that runs any executable. */
	readonly fields: Fields | null;
	/** What the lines are: what the CLI prints, or the transcript that it keeps. */
	readonly kind: 'output' | 'transcript';
	/** Number of the latest attempt; 0 before the first. */
	readonly attempt: number;
	/** The spawn has not ended. */
	readonly isLive: boolean;
	/** Its latest attempt has not ended. */
	readonly isRunning: boolean;
	/** File of an attempt's output or errors; null when none is kept, or can be found. */
	readonly pathOf: (attempt: number, part: 'output' | 'errors') => string | null;
}

/** A store as all see it that read: a workspace of ours, or a space-os. */
export interface Source {
	/** Path of the database. */
	readonly db: string;
	/** A text that changes with each commit. */
	readonly version: () => string;
	/** Reads one state of the store. Throws a NotFoundError when the channel is unknown. */
	readonly look: (scope?: Scope) => Look;
	/** Looks through the environment of every process: too slow for each tick. */
	readonly readStrays: () => Strays;
	/** Messages of a channel, whole, oldest first. Throws a NotFoundError when the channel is unknown. */
	readonly readMessages: (
		channel: string,
		range: {readonly after: MessageId | null; readonly limit: number},
	) => readonly MessageWithMentions[];
	/** The log of a spawn. Throws a NotFoundError when there is no such spawn. */
	readonly readLog: (id: SpawnId) => SpawnLog;
	/** The latest lines of the ledger, or all that are held, oldest first. */
	readonly readLedger: (isHeld: boolean) => readonly LedgerLine[];
	/** Brings the records in line with the processes, where they are ours to mend. */
	readonly mend: () => Promise<unknown>;
	readonly perform: (action: Action) => Promise<ActionResult>;
}

/** The raid as it is now. */
export function readRaid(source: Source, scope?: Scope): Raid {
	return source.look(scope)(source.readStrays());
}
