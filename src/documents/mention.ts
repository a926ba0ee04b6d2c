import * as v from 'valibot';
import {type ListedMention, type MentionRecord, outcomes} from '../model/mention.ts';
import {textOrNull, time, timeOrNull, timestamp, timestampOrNull} from './common.ts';

/** The outcome of one mention of a message. */
export const mentionSchema = v.strictObject({
	agent: v.string(),
	outcome: v.picklist(outcomes),
	reason: textOrNull,
	spawn: textOrNull,
});

type MentionDocument = v.InferOutput<typeof mentionSchema>;

/** A mention that stands alone, with its message. */
export const settledMentionSchema = v.strictObject({message: v.string(), ...mentionSchema.entries});

/** `raid release` and `raid drop`. */
export const settledSchema = v.strictObject({mentions: v.array(settledMentionSchema)});

/** A line of the ledger. */
export const ledgerEntrySchema = v.strictObject({
	message: v.string(),
	channel: v.string(),
	from: v.string(),
	...mentionSchema.entries,
	decidedAt: timestamp,
	startsAt: timestampOrNull,
});

/** `raid mentions`. */
export const ledgerSchema = v.strictObject({mentions: v.array(ledgerEntrySchema)});

/** The outcome of a mention, as a part of documents. */
export function mentionDocument({identity, outcome, reason, spawnId}: MentionRecord): MentionDocument {
	return {agent: identity, outcome, reason, spawn: spawnId};
}

/** The outcomes of mentions that were held, as a document. */
export function settledDocument(mentions: readonly MentionRecord[]): v.InferOutput<typeof settledSchema> {
	return {
		mentions: mentions.map(mention => ({message: mention.messageId, ...mentionDocument(mention)})),
	};
}

/** A line of the ledger, as a part of documents. */
export function ledgerEntryDocument(entry: ListedMention): v.InferOutput<typeof ledgerEntrySchema> {
	return {
		message: entry.messageId,
		channel: entry.channel,
		from: entry.from,
		...mentionDocument(entry),
		decidedAt: time(entry.decidedAt),
		startsAt: timeOrNull(entry.startsAt),
	};
}
