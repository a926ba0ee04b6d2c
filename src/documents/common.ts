import * as v from 'valibot';
import type {Instant} from '../model/time.ts';

/** A text; null where it is absent. */
export const textOrNull = v.nullable(v.string());

/** A number; null where it is absent. */
export const numberOrNull = v.nullable(v.number());

/** An instant, as ISO-8601 in UTC with milliseconds and `Z`. */
export const timestamp = v.pipe(v.string(), v.isoTimestamp(), v.endsWith('Z'));

/** An instant; null where it is absent. */
export const timestampOrNull = v.nullable(timestamp);

/** An instant as documents write it. */
export function time(instant: Instant): string {
	return new Date(instant).toISOString();
}

/** An instant as documents write it; null stays null. */
export function timeOrNull(instant: Instant | null): string | null {
	return instant === null ? null : time(instant);
}
