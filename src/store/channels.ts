import type {Channel} from '../model/channel.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {instant, isoTime} from './time.ts';

const channelQuery = `
	SELECT name, topic, ${instant('created_at')} AS createdAt, ${instant('archived_at')} AS archivedAt,
		(SELECT count(*) FROM messages WHERE messages.channel_id = channels.channel_id) AS messages,
		(SELECT ${instant('messages.created_at')} FROM messages WHERE messages.channel_id = channels.channel_id
			ORDER BY message_id DESC LIMIT 1) AS lastMessageAt
	FROM channels
`;

/** Every channel, in the order of creation. */
export function listChannels(store: Store): readonly Channel[] {
	return store.prepare<[], Channel>(`${channelQuery} ORDER BY channels.rowid`).all();
}

/** One channel; null when the name is unknown. */
export function findChannel(store: Store, name: string): Channel | null {
	return store.prepare<[string], Channel>(`${channelQuery} WHERE name = ?`).get(name) ?? null;
}

/** Makes a channel. False when the name is taken. */
export function createChannel(
	store: Store,
	name: string,
	topic: string | null,
	channelId: string,
	at: Instant,
): boolean {
	const query = `INSERT INTO channels (channel_id, name, topic, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`;
	return store.prepare(query).run(channelId, name, topic, isoTime(at)).changes === 1;
}
