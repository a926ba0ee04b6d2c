import {type Limits, limitOf} from '../model/limits.ts';
import type {Instant} from '../model/time.ts';
import {readJson} from './columns.ts';
import type {Store} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';
import {instant, isoTime} from './time.ts';

/** Limits to change; null gives one back to `config.json`. */
export type LimitChanges = {readonly [K in keyof Limits]?: Limits[K] | null};

/** The limits that were changed while the raid ran. Those that are not JSON are left out. */
export function readSettings(store: Store): Partial<Limits> {
	const rows = statement<[], {name: string; value: string}>(
		store,
		'SELECT name, value FROM raid_settings ORDER BY name',
	).all();
	return Object.fromEntries(
		rows.flatMap(({name, value}) => {
			const limit = readJson(value, isAnything, () => undefined);
			return limit === undefined ? [] : [[name, limitOf(name, limit)]];
		}),
	);
}

function isAnything(_: unknown): _ is unknown {
	return true;
}

/** Changes limits. False when they are as wanted already. */
export function changeLimits(store: Store, limits: LimitChanges, by: string, at: Instant): boolean {
	return record(store, {kind: 'limits-changed', at, limits, by}, () => {
		const changes = Object.entries(limits).map(([name, value]) => setOne(store, name, value));
		return changes.some(isChanged => isChanged);
	});
}

function setOne(store: Store, name: string, value: unknown): boolean {
	if (value === undefined) return false;
	if (value === null) {
		return statement(store, 'DELETE FROM raid_settings WHERE name = ?').run(name).changes === 1;
	}
	const query = `
		INSERT INTO raid_settings (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`;
	return statement(store, query).run(name, JSON.stringify(value)).changes === 1;
}

/** Records that somebody looked at the raid. */
export function markSeen(store: Store, by: string, at: Instant): void {
	record(store, {kind: 'operator-looked', at, by}, () => {
		const query = `
			INSERT INTO raid_seen (identity, seen_at) VALUES (?, ?)
			ON CONFLICT (identity) DO UPDATE SET seen_at = excluded.seen_at`;
		statement(store, query).run(by, isoTime(at));
	});
}

/** When each identity last looked at the raid. */
export function readSeen(store: Store): Readonly<Record<string, Instant>> {
	const query = `SELECT identity, ${instant('seen_at')} AS at FROM raid_seen ORDER BY identity`;
	const rows = statement<[], {identity: string; at: Instant}>(store, query).all();
	return Object.fromEntries(rows.map(({identity, at}) => [identity, at]));
}
