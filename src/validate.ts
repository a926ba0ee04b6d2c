import ms from 'ms';
import * as v from 'valibot';
import {UsageError} from './errors.ts';

/** A duration as people write it: `"90s"`, `"3m"`, `"1.5h"`. */
export const durationSchema = v.pipe(
	v.string(durationRule()),
	v.check(text => readDuration(text) !== null, durationRule()),
	v.transform(text => readDuration(text) ?? 0),
);

function durationRule(): string {
	return 'must be a duration such as "90s" or "3m"';
}

/** Milliseconds; null for a text that is not a duration, or a negative one. */
function readDuration(text: string): number | null {
	// A bare number would be milliseconds, which nobody means.
	if (text.length > 30 || !/[a-z]\s*$/i.test(text)) return null;
	const duration = ms(text as ms.StringValue) as number | undefined;
	return duration !== undefined && duration >= 0 ? duration : null;
}

/** Bytes, from a size as people write it: `"512MiB"`, `"1.5GiB"`. */
export const sizeSchema = v.pipe(
	v.string(sizeRule()),
	v.check(text => readSize(text) !== null, sizeRule()),
	v.transform(text => readSize(text) ?? 0),
);

function sizeRule(): string {
	return 'must be a size such as "512MiB" or "2GiB"';
}

const units: Readonly<Record<string, number>> = {KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30};

/** Bytes; null for a text that is not a size of one byte at least. */
function readSize(text: string): number | null {
	const [, number = '', unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?) ?([KMG]iB)$/.exec(text) ?? [];
	const bytes = Math.round(Number(number) * (units[unit] ?? 0));
	return bytes >= 1 ? bytes : null;
}

/** The value of a JSON text, checked by `schema`. Throws a UsageError that names the file, the key, the value and the rule. */
export function parseJson<S extends v.GenericSchema>(
	schema: S,
	text: string,
	path: string,
): v.InferOutput<S> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new UsageError(`${path} is not valid JSON: ${(error as Error).message}.`);
	}
	return requireValid(schema, value, path);
}

/** A value, checked by `schema`. Throws a UsageError that names `source`, the key, the value and the rule. */
export function requireValid<S extends v.GenericSchema>(
	schema: S,
	value: unknown,
	source: string,
): v.InferOutput<S> {
	const result = v.safeParse(schema, value);
	if (result.success) return result.output;
	throw new UsageError(`${source}: ${describeIssue(result.issues[0], schema)}`);
}

function describeIssue(issue: v.BaseIssue<unknown>, schema: v.GenericSchema): string {
	const key = v.getDotPath(issue) ?? 'the document';
	if (issue.expected === 'never') {
		const known =
			'entries' in schema ? ` Known keys: ${Object.keys(schema.entries as object).join(', ')}.` : '';
		return `${key} is not a known key.${known}`;
	}
	const shown = JSON.stringify(issue.input)?.slice(0, 60) ?? 'nothing';
	return `${key} is ${shown}, but ${issue.message}.`;
}

/** Bytes as text. Throws a UsageError that names `what` when they are not UTF-8, because they could not be kept unchanged. */
export function decodeText(bytes: Uint8Array, what: string): string {
	try {
		return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
	} catch {
		throw new UsageError(`${what} is not UTF-8 text.`, 'Convert it first: iconv -t UTF-8');
	}
}
