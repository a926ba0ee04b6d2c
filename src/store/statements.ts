import type {Statement} from 'better-sqlite3';
import type {Store} from './open.ts';

const prepared = new WeakMap<Store, Map<string, Statement<unknown[], unknown>>>();

/** A statement of the store, prepared once. */
export function statement<P extends unknown[] | object = unknown[], R = unknown>(
	store: Store,
	sql: string,
): P extends unknown[] ? Statement<P, R> : Statement<[P], R> {
	const known = prepared.get(store) ?? new Map<string, Statement<unknown[], unknown>>();
	prepared.set(store, known);
	const found = known.get(sql) ?? store.prepare(sql);
	known.set(sql, found);
	return found as P extends unknown[] ? Statement<P, R> : Statement<[P], R>;
}
