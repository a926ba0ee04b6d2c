import type {Action, ResultOf} from '../model/action.ts';
import type {Fields} from '../model/agent.ts';
import type {LedgerEntry} from '../model/mention.ts';
import type {MessageId, MessageWithMentions} from '../model/message.ts';
import type {Query} from '../model/query.ts';
import type {Raid} from '../model/raid.ts';
import type {SpawnId} from '../model/spawn.ts';

/** The log of a spawn, as it is at present. */
export interface SpawnLog {
	readonly provider: string;
	/** Of an agent that runs any executable. */
	readonly fields: Fields | null;
	/** What the lines are: what the CLI prints, or the session file that it keeps. */
	readonly kind: 'output' | 'session';
	/** Number of the latest attempt; 0 before the first. */
	readonly attempt: number;
	/** The spawn has not ended. */
	readonly isLive: boolean;
	/** Its latest attempt has not ended. */
	readonly isRunning: boolean;
	/** File of an attempt's output or errors; null when none is kept, or can be found. */
	readonly pathOf: (attempt: number, part: 'output' | 'errors') => string | null;
}

/** A store that raid shows: a workspace of ours, or a space-os. */
export interface Backend {
	/** Path of the database. */
	readonly db: string;
	/** A text that changes with each commit. */
	readonly version: () => string;
	/** The raid as the query asks. Throws a NotFoundError when the channel is unknown. */
	readonly read: (query: Query) => Raid;
	/** Ids that begin or end with `part`, oldest first. */
	readonly findSpawnIds: (part: string) => readonly SpawnId[];
	/** Messages of a channel, whole, oldest first. Throws a NotFoundError when the channel is unknown. */
	readonly readMessages: (
		channel: string,
		range: {readonly after: MessageId | null; readonly limit: number},
	) => readonly MessageWithMentions[];
	/** The log of a spawn. Throws a NotFoundError when there is no such spawn. */
	readonly readLog: (id: SpawnId) => SpawnLog;
	/** The latest mentions, or all that are held, oldest first. */
	readonly readLedger: (isHeld: boolean) => readonly LedgerEntry[];
	/** Brings the records in line with the processes, where they are ours to mend. */
	readonly mend: () => Promise<unknown>;
	readonly perform: <A extends Action>(action: A) => Promise<ResultOf<A>>;
}
