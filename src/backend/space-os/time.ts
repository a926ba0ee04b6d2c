import {type Instant, type Milliseconds, minute, timeOfId} from '../../model/time.ts';

const hour = 60 * minute;
const widestOffset = 15 * hour;
const timePattern = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/;

/**
 * How far the writer's clock was ahead of UTC when it wrote the row: the local time in `createdAt` minus the true time in
 * the id, rounded to a quarter of an hour, because time zones differ by quarters. Null when one of them is missing.
 */
export function offsetOf(id: string, createdAt: string | null): Milliseconds | null {
	const created = timeOfId(id);
	const local = createdAt === null ? null : instantOf(createdAt, 0);
	if (created === null || local === null) return null;
	const offset = Math.round((local - created) / (15 * minute)) * 15 * minute;
	return Math.abs(offset) > widestOffset ? null : offset;
}

/** The instant of a time that was written `offset` ahead of UTC, or names its zone itself; null for any other text. */
export function instantOf(text: string, offset: Milliseconds): Instant | null {
	const parts = timePattern.exec(text);
	if (parts === null) return null;
	const [, date, time, fraction = '', zone] = parts;
	const at = Date.parse(`${date}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${zone ?? 'Z'}`);
	if (Number.isNaN(at)) return null;
	return zone === undefined ? at - offset : at;
}

/** The instant from which rows were written with another offset. */
export interface ZoneChange {
	readonly at: Instant;
	readonly offset: Milliseconds;
}

/** The changes of the writer's time zone that rows, oldest first, show. */
export function zoneChanges(
	rows: readonly {readonly at: Instant; readonly offset: Milliseconds | null}[],
): readonly ZoneChange[] {
	const known = rows.filter((row): row is ZoneChange => row.offset !== null);
	return known.filter((row, index) => index > 0 && row.offset !== known[index - 1]?.offset);
}

/**
 * The instant of a later local time of a row that was created at `createdAt`, `offset` ahead of UTC. The row's own
 * offset holds, unless rows written in between show that summer time began or ended. Without such rows the result may be
 * wrong by an hour; only an end before the beginning shows the error, and is corrected. Never before `createdAt`.
 */
export function laterInstant(
	text: string | null,
	createdAt: Instant,
	offset: Milliseconds | null,
	changes: readonly ZoneChange[],
): Instant | null {
	const local = text === null ? null : instantOf(text, 0);
	if (text === null || local === null) return null;
	const own = offset ?? 0;
	const change = changes.findLast(
		({at, offset: other}) => at > createdAt && local - other >= at && Math.abs(other - own) <= hour,
	);
	const at = instantOf(text, change?.offset ?? own) ?? local;
	return Math.max(createdAt, at < createdAt && at + hour >= createdAt ? at + hour : at);
}
