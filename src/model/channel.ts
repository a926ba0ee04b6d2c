import type {Instant} from './time.ts';

/** An append-only list of messages. */
export interface Channel {
	readonly name: string;
	readonly topic: string | null;
	readonly messages: number;
	readonly lastMessageAt: Instant | null;
	readonly createdAt: Instant;
	readonly archivedAt: Instant | null;
	/** Spawns that failed one after the other, since a success, a human message or a release. */
	readonly failuresInARow: number;
}
