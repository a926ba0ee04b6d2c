import * as v from 'valibot';
import type {ProviderEvent} from '../model/attempt.ts';
import {numberOrNull, textOrNull, timeOrNull, timestampOrNull} from './common.ts';

const attempt = v.number();

/** One event of a log. `raid logs` prints each as a document of its own. */
export const logEventSchema = v.variant('type', [
	v.strictObject({attempt, type: v.literal('session'), id: v.string()}),
	v.strictObject({attempt, type: v.literal('text'), text: v.string(), isContinued: v.optional(v.boolean())}),
	v.strictObject({attempt, type: v.literal('tool'), text: v.string(), id: v.optional(v.string())}),
	v.strictObject({
		attempt,
		type: v.literal('tool result'),
		text: v.string(),
		isError: v.optional(v.boolean()),
		id: v.optional(v.string()),
	}),
	v.strictObject({attempt, type: v.literal('denied'), text: v.string(), id: v.optional(v.string())}),
	v.strictObject({
		attempt,
		type: v.literal('usage'),
		input: v.number(),
		output: v.number(),
		costUsd: v.optional(numberOrNull),
		isAdded: v.optional(v.boolean()),
		message: v.optional(v.string()),
	}),
	v.strictObject({attempt, type: v.literal('retry'), text: v.string()}),
	v.strictObject({attempt, type: v.literal('error'), text: v.string(), canPass: v.boolean()}),
	v.strictObject({
		attempt,
		type: v.literal('quota'),
		text: v.string(),
		resumeAt: timestampOrNull,
		hasWaited: v.optional(v.boolean()),
	}),
	v.strictObject({
		attempt,
		type: v.literal('result'),
		isSuccess: v.boolean(),
		text: textOrNull,
		isLast: v.optional(v.boolean()),
	}),
	v.strictObject({
		attempt,
		type: v.literal('left out'),
		what: v.picklist(['line', 'output']),
		bytes: v.number(),
	}),
]);

/** A line of `raid logs --raw` or `--errors`. */
export const logLineSchema = v.strictObject({attempt, line: v.string()});

/** An event of an attempt, as a document. */
export function logEventDocument(number: number, event: ProviderEvent): v.InferOutput<typeof logEventSchema> {
	if (event.type === 'quota') return {attempt: number, ...event, resumeAt: timeOrNull(event.resumeAt)};
	return {attempt: number, ...event};
}
