import type {Action, ResultOf} from '../model/action.ts';
import type {Fields} from '../model/agent.ts';
import type {ListedMention} from '../model/mention.ts';
import type {MessageId, MessageWithMentions} from '../model/message.ts';
import type {Query} from '../model/query.ts';
import type {Raid} from '../model/raid.ts';
import type {SpawnId} from '../model/spawn.ts';
import type {FileState} from '../store/replaced.ts';

/** The log of a spawn at present. */
export interface SpawnLog {
	readonly provider: string;
	/** For an agent that runs any executable: where its JSON lines hold what can be shown. */
	readonly fields: Fields | null;
	/** The kind of lines: the output of the CLI, or its session file. */
	readonly kind: 'output' | 'session';
	/** Number of the latest attempt; 0 before the first. */
	readonly attempt: number;
	/** The spawn has not ended. */
	readonly isLive: boolean;
	/** Its latest attempt has not ended. */
	readonly isRunning: boolean;
	/** The file of an attempt's output or errors; null when there is none, or it cannot be found. */
	readonly pathOf: (attempt: number, part: 'output' | 'errors') => string | null;
}

/** The file of a database that is open. */
export interface DatabaseFile {
	/** What became of it since it was opened. */
	readonly state: () => FileState;
	/** A number that grows with each row that this process writes. */
	readonly writes: () => number;
	/** The process that is writing, as `PID 17: python3 import.py`; null when nobody writes, or the system does not say who. */
	readonly writer: () => string | null;
	/** Lets a write fail at once, and not wait, while another process writes. */
	readonly dontWait: () => void;
}

/** A raid that is connected to: a workspace, or a space-os. */
export interface Backend {
	/** Path of the database. */
	readonly db: string;
	/** The file of the database, as whoever writes to it needs to know it; null where raid itself writes nothing. */
	readonly file: DatabaseFile | null;
	/** A text that changes with each commit. */
	readonly version: () => string;
	/** The raid as the query asks. Throws a NotFoundError when the channel is unknown, a UsageError for a past that nobody kept. */
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
	readonly readLedger: (isHeld: boolean) => readonly ListedMention[];
	/** Brings the records in line with the processes, and records alerts that opened or closed. Nothing in a space-os. */
	readonly mend: () => Promise<unknown>;
	readonly perform: <A extends Action>(action: A) => Promise<ResultOf<A>>;
}
