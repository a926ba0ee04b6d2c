import type {Statement} from 'better-sqlite3';
import {readRow} from './columns.ts';
import type {Store} from './open.ts';

const prepared = new WeakMap<Store, Map<string, Statement<unknown[], unknown>>>();

/** A statement of the store, prepared once. A row of a wrong type reads as damaged, and takes nothing else down. */
export function statement<P extends unknown[] | object = unknown[], R = unknown>(
	store: Store,
	sql: string,
): P extends unknown[] ? Statement<P, R> : Statement<[P], R> {
	const known = prepared.get(store) ?? new Map<string, Statement<unknown[], unknown>>();
	prepared.set(store, known);
	const found = known.get(sql) ?? readingRows(store.prepare(sql));
	known.set(sql, found);
	return found as P extends unknown[] ? Statement<P, R> : Statement<[P], R>;
}

function readingRows(one: Statement<unknown[], unknown>): Statement<unknown[], unknown> {
	const get = one.get.bind(one);
	const all = one.all.bind(one);
	return Object.assign(one, {
		get: (...parameters: unknown[]) => readRow(get(...parameters)),
		all: (...parameters: unknown[]) => all(...parameters).map(readRow),
	});
}
