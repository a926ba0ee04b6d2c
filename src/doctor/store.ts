import {statSync} from 'node:fs';
import type {Instant} from '../model/time.ts';
import {type Store, writing} from '../store/open.ts';
import {instant} from '../store/time.ts';
import {type Finding, ok, problem} from './finding.ts';

const mebibyte = 1024 ** 2;

/** Checks that the store is intact and can be written. */
export function checkStore(store: Store): Finding {
	const text = `${store.name}, ${(statSync(store.name).size / mebibyte).toFixed(1)} MiB`;
	const verdict = String(store.pragma('integrity_check(1)', {simple: true}));
	if (verdict !== 'ok')
		return problem('store', `${text}: ${verdict}`, 'Stop the raid, and restore a backup.');
	try {
		writing(store, () => {});
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return problem(
			'store',
			`${text}: cannot be written (${reason})`,
			'Check the free space, and which other program writes to it.',
		);
	}
	return ok('store', `${text}, intact`);
}

/** The instant of the newest message or spawn; null when there is none. */
export function newestRecord(store: Store): Instant | null {
	const query = `
		SELECT max(at) FROM (SELECT ${instant('max(created_at)')} AS at FROM messages
			UNION ALL SELECT ${instant('max(created_at)')} FROM spawns)`;
	return store.prepare<[], Instant | null>(query).pluck().get() ?? null;
}
