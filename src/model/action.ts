import type {MentionRecord} from './mention.ts';
import type {MessageId} from './message.ts';
import type {SpawnId} from './spawn.ts';

/** What an operator can ask for, as data: a key and a command ask for the same thing. */
export type Action =
	| {readonly type: 'post'; readonly channel: string; readonly text: string; readonly as: string | null}
	| {readonly type: 'stop'; readonly spawnIds: readonly SpawnId[]; readonly isChain: boolean}
	| {readonly type: 'stop all'}
	/** `channel` null: all of them. */
	| {readonly type: 'hold'; readonly channel: string | null}
	| {readonly type: 'release'; readonly channel: string | null}
	| {readonly type: 'settle'; readonly isDropped: boolean; readonly mentions: readonly MentionName[]};

/** A held mention, by its message and the agent that it mentions. */
export type MentionName = Pick<MentionRecord, 'messageId' | 'identity'>;

/** What came of it. */
export type ActionResult =
	| {readonly type: 'posted'; readonly messageId: MessageId; readonly mentions: readonly MentionRecord[]}
	| {readonly type: 'stopped'; readonly spawns: readonly StopReport[]}
	| {readonly type: 'held'; readonly channel: string | null}
	| {readonly type: 'settled'; readonly mentions: readonly MentionRecord[]};

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
	/** PIDs that it runs as again: space-os tries a killed spawn once more. */
	readonly restartedAs?: readonly number[];
}
