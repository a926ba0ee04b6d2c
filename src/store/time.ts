import type {Instant} from '../model/time.ts';

/** An instant as the store writes it: UTC, ISO-8601 with milliseconds and `Z`. */
export function isoTime(instant: Instant): string {
	return new Date(instant).toISOString();
}

/** SQL that reads a column of such times as epoch milliseconds; null stays null. */
export function instant(column: string): string {
	return `CAST(round(unixepoch(${column}, 'subsec') * 1000) AS INTEGER)`;
}
