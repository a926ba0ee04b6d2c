import type {SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {isoTime} from './time.ts';

/** What can happen to a spawn. */
export type EventKind =
	| 'created'
	| 'started'
	| 'adopted'
	| 'claim given back'
	| 'retried'
	| 'parked'
	| 'held after reboot'
	| 'kill asked'
	| 'ended';

/** What can happen to a channel. A human who speaks, like a release, closes its breaker. */
export type ChannelEventKind =
	| 'spoke'
	| 'breaker closed'
	| 'hold'
	| 'hold released'
	| 'mention released'
	| 'mention dropped';

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

/** Appends to the log of everything that happened to a channel; null stands for all of them. */
export function addChannelEvent(
	store: Store,
	kind: ChannelEventKind,
	channel: string | null,
	detail: string | null,
	at: Instant,
): void {
	const query = `INSERT INTO raid_events (at, kind, channel_id, detail)
		VALUES (?, ?, (SELECT channel_id FROM channels WHERE name = ?), ?)`;
	store.prepare(query).run(isoTime(at), kind, channel, detail);
}
