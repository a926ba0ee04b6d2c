import type {Store} from '../../src/store/open.ts';
import {isRecording} from '../../src/store/record.ts';

/** Makes each write that is not made together with its event an error, on this connection. */
export function forbidUnrecordedWrites(store: Store): void {
	store.function('raid_is_recording', () => Number(isRecording(store)));
	for (const table of tablesOf(store)) {
		for (const change of ['INSERT', 'UPDATE', 'DELETE']) {
			store.exec(`
				CREATE TEMP TRIGGER guard_${table}_${change} BEFORE ${change} ON main.${table}
				WHEN NOT raid_is_recording() BEGIN
					SELECT RAISE(ABORT, '${change} on ${table} without an event');
				END`);
		}
	}
}

function tablesOf(store: Store): readonly string[] {
	const query = `
		SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
			AND name NOT LIKE 'raid_messages_fts%' AND name NOT IN ('raid_migrations', 'raid_events')`;
	return store.prepare<[], string>(query).pluck().all();
}
