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

/** A message with the outcome of each of its mentions. */
export interface MessageWithMentions extends Message {
	readonly mentions: readonly MentionRecord[];
}

/** Most bytes of one message. A longer one is refused, never cut. */
export const longestMessage = 1024 * 1024;
