import type {SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {isoTime} from './time.ts';

/** What can happen to a spawn. */
export type EventKind = 'created' | 'started' | 'adopted' | 'released' | 'retried' | 'kill asked' | 'ended';

/** Appends to the log of everything that happened to a spawn. */
export function addEvent(
	store: Store,
	kind: EventKind,
	spawnId: SpawnId,
	detail: string | null,
	at: Instant,
): void {
	store
		.prepare(`
			INSERT INTO raid_events (at, kind, spawn_id, channel_id, detail)
			VALUES (?, ?, ?, (SELECT channel_id FROM spawns WHERE id = ?), ?)
		`)
		.run(isoTime(at), kind, spawnId, spawnId, detail);
}
