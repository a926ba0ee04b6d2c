import type {MessageId} from './message.ts';
import type {SpawnId} from './spawn.ts';
import type {Instant} from './time.ts';

/** The part of a raid that a reader wants to see. */
export interface Query {
	/** Channel of the messages; null for the one with the latest message. */
	readonly channel: string | null;
	/** The instant to look at; null for now. */
	readonly at: Instant | null;
	/** Every spawn, or the live ones and so many of the latest, with all that they descend from. */
	readonly spawns: 'all' | number;
	/** At most so many messages: the latest, or those before a given one. */
	readonly messages: {readonly count: number; readonly before: MessageId | null};
	/** The spawn to be read in every detail; null for none. */
	readonly inspected: SpawnId | null;
}

/** The present, with the channel that has the latest message: the first view of the dashboard and of a snapshot. */
export const presentQuery: Query = {
	channel: null,
	at: null,
	spawns: 200,
	messages: {count: 200, before: null},
	inspected: null,
};

/** The present with every spawn. */
export const everySpawn: Query = {...presentQuery, spawns: 'all'};
