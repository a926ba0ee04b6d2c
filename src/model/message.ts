import type {MentionRecord} from './mention.ts';
import type {Instant} from './time.ts';

export type MessageId = string;

/** One entry of a channel. */
export interface Message {
	readonly id: MessageId;
	readonly channel: string;
	/** Identity of the sender. */
	readonly from: string;
	readonly text: string;
	readonly at: Instant;
}

/** A message, and what became of each of its mentions. */
export interface MessageWithMentions extends Message {
	readonly mentions: readonly MentionRecord[];
}

/** Bytes that one message may have. Above, it is refused; it is never cut. */
export const longestMessage = 1024 * 1024;
