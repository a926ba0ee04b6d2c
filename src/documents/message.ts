import * as v from 'valibot';
import type {MessageWithMentions} from '../model/message.ts';
import {time, timestamp} from './common.ts';
import {mentionDocument, mentionSchema} from './mention.ts';
import {obstacleSchema} from './obstacle.ts';

/** One message with the outcomes of its mentions. `raid recv` prints each as a document of its own. */
export const messageSchema = v.strictObject({
	id: v.string(),
	channel: v.string(),
	from: v.string(),
	at: timestamp,
	text: v.string(),
	mentions: v.array(mentionSchema),
});

/**
 * `raid send`: the id of the message, and once it is posted the outcomes of its mentions, and which of these agents cannot
 * run here.
 */
export const sentSchema = v.strictObject({
	message: v.string(),
	channel: v.string(),
	isPosted: v.boolean(),
	mentions: v.array(mentionSchema),
	cannotRun: v.array(obstacleSchema),
});

/** A message as a part of documents. */
export function messageDocument(message: MessageWithMentions): v.InferOutput<typeof messageSchema> {
	const {id, channel, from, at, text, mentions} = message;
	return {id, channel, from, at: time(at), text, mentions: mentions.map(mentionDocument)};
}
