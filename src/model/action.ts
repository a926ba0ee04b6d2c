import type {MentionRecord} from './mention.ts';
import type {MessageId} from './message.ts';
import type {SpawnId} from './spawn.ts';

/** What an operator can ask for, as data: a key and a command ask for the same thing. */
export type Action =
	| {readonly type: 'post'; readonly channel: string; readonly text: string; readonly as: string | null}
	| {readonly type: 'stop'; readonly spawnIds: readonly SpawnId[]; readonly isChain: boolean};

/** What came of it. */
export type ActionResult =
	| {readonly type: 'posted'; readonly messageId: MessageId; readonly mentions: readonly MentionRecord[]}
	| {readonly type: 'stopped'; readonly spawns: readonly StopReport[]};

/** The truth about one stopped spawn. */
export interface StopReport {
	readonly id: SpawnId;
	readonly agent: string;
	/** It had ended before anything was done. */
	readonly hadEnded: boolean;
	/** PIDs that got a signal. */
	readonly signalled: readonly number[];
	/** PIDs of it that are still alive. */
	readonly survivors: readonly number[];
}
