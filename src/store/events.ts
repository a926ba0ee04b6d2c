import type {Event} from '../model/event.ts';
import type {SpawnId} from '../model/spawn.ts';
import {isObject, readJson} from './columns.ts';
import type {Store} from './open.ts';
import {statement} from './statements.ts';
import {instant} from './time.ts';

interface EventRow {
	readonly sequence: number;
	readonly at: number;
	readonly host: string | null;
	readonly kind: string;
	readonly spawn: SpawnId | null;
	readonly channel: string | null;
	readonly payload: string;
}

/** Which events: those after a sequence, and of one spawn. */
export interface EventRange {
	readonly after?: number;
	readonly spawn?: SpawnId;
}

/** The events of the log, in their order. */
export function listEvents(store: Store, {after = 0, spawn}: EventRange = {}): readonly Event[] {
	const query = `
		SELECT sequence, ${instant('at')} AS at, host, kind, spawn_id AS spawn, channel, payload FROM raid_events
		WHERE sequence > @after ${spawn === undefined ? '' : 'AND spawn_id = @spawn'} ORDER BY sequence`;
	return statement<{after: number; spawn: string | undefined}, EventRow>(store, query)
		.all({after, spawn})
		.map(eventOf);
}

/** Sequence of the latest event; 0 when the log is empty. */
export function latestSequence(store: Store): number {
	const query = 'SELECT ifnull(max(sequence), 0) FROM raid_events';
	return statement<[], number>(store, query).pluck().get() ?? 0;
}

function eventOf({payload, ...columns}: EventRow): Event {
	const unknown = (words: string) => ({kind: 'unknown', words, detail: null});
	return {...columns, ...readJson(payload, isObject, unknown)} as Event;
}
