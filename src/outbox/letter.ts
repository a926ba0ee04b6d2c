import * as v from 'valibot';
import type {Claim} from '../model/action.ts';
import type {MentionRecord} from '../model/mention.ts';
import {longestMessage, type MessageId} from '../model/message.ts';

/** A message on its way from a spawn to its supervisor. The name of its file is the id of the message. */
export interface Letter {
	readonly channel: string;
	readonly text: string;
	/** The identity that `--as` names; null without one. */
	readonly as: string | null;
	/** The claim about the sender's task; null without one. */
	readonly claim: Claim | null;
}

/** What a supervisor did with a letter. */
export type Answer =
	| {readonly type: 'posted'; readonly mentions: readonly MentionRecord[]}
	| {
			readonly type: 'refused';
			readonly message: string;
			readonly hint: string | null;
			readonly exitCode: number;
	  };

/** The shape of a letter's file. */
export const letterSchema = v.strictObject({
	channel: v.string(),
	text: v.string(),
	as: v.nullable(v.string()),
	claim: v.nullable(v.picklist(['done', 'blocked'])),
});

const mentionSchema = v.object({
	messageId: v.string(),
	identity: v.string(),
	outcome: v.picklist(['ignored', 'called', 'refused', 'held', 'merged', 'queued', 'launched', 'dropped']),
	reason: v.nullable(v.string()),
	spawnId: v.nullable(v.string()),
	decidedAt: v.number(),
});

/** The shape of an answer's file. */
export const answerSchema = v.variant('type', [
	v.object({type: v.literal('posted'), mentions: v.array(mentionSchema)}),
	v.object({
		type: v.literal('refused'),
		message: v.string(),
		hint: v.nullable(v.string()),
		exitCode: v.number(),
	}),
]);

/** Most bytes of a letter's file: the longest message of control characters, which JSON writes as six bytes each. */
export const longestLetter = 6 * longestMessage + 4096;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a UUIDv7 as raid writes it: an id that may become a part of a path. */
export function isId(text: string): boolean {
	return uuid.test(text);
}

/** The name of the file of a message. */
export function fileName(id: MessageId): string {
	return `${id}.json`;
}

/** The id of the message whose file has this name; null for a name that is not one of ours. */
export function idOfFile(name: string): MessageId | null {
	const id = name.endsWith('.json') ? name.slice(0, -'.json'.length) : '';
	return isId(id) ? id : null;
}
