import {NotFoundError} from '../errors.ts';
import type {Channel} from '../model/channel.ts';
import type {ChannelRecord} from '../model/record.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';
import {instant, isoTime} from './time.ts';

const columns = `
	name, topic, ${instant('created_at')} AS createdAt, ${instant('archived_at')} AS archivedAt,
	failures_in_a_row AS failuresInARow
`;

const channelQuery = `
	SELECT ${columns},
		(SELECT count(*) FROM messages WHERE messages.channel_id = channels.channel_id) AS messages,
		(SELECT ${instant('messages.created_at')} FROM raid_messages JOIN messages USING (message_id)
			WHERE posted_in = channels.channel_id AND raid_messages.sequence = last_sequence) AS lastMessageAt
	FROM channels JOIN raid_channels USING (channel_id)
`;

/** Every channel, in the order of creation. */
export function listChannels(store: Store): readonly Channel[] {
	return statement<[], Channel>(store, `${channelQuery} ORDER BY sequence`).all();
}

/** One channel; null when the name is unknown. */
export function findChannel(store: Store, name: string): Channel | null {
	return statement<[string], Channel>(store, `${channelQuery} WHERE name = ?`).get(name) ?? null;
}

/** One channel. Throws a NotFoundError, with `hint`, when the name is unknown. */
export function requireChannel(store: Store, name: string, hint = 'List them: raid channels'): Channel {
	const channel = findChannel(store, name);
	if (channel === null) throw new NotFoundError(`There is no channel "${name}".`, hint);
	return channel;
}

/** The record of every channel, in the order of creation. */
export function listChannelRecords(store: Store): readonly ChannelRecord[] {
	const query = `
		SELECT ${columns}, human_sequence AS lastHumanSequence
		FROM channels JOIN raid_channels USING (channel_id) ORDER BY sequence`;
	return statement<[], ChannelRecord>(store, query).all();
}

/** Makes a channel. False when the name is taken. */
export function createChannel(
	store: Store,
	name: string,
	topic: string | null,
	channelId: string,
	at: Instant,
): boolean {
	return record(store, {kind: 'channel-created', at, channel: name, topic}, sequence => {
		const query = `
			INSERT INTO channels (channel_id, name, topic, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`;
		if (statement(store, query).run(channelId, name, topic, isoTime(at)).changes === 0) return false;
		const ours = 'INSERT INTO raid_channels (channel_id, sequence) VALUES (?, ?)';
		return statement(store, ours).run(channelId, sequence);
	});
}

/** Closes the breaker of a channel: earlier failures no longer count. False when none counted. */
export function closeBreaker(store: Store, channel: string, by: string, at: Instant): boolean {
	return record(store, {kind: 'breaker-closed', at, channel, by}, () => {
		const query = `UPDATE raid_channels SET failures_in_a_row = 0 WHERE failures_in_a_row > 0
			AND channel_id = (SELECT channel_id FROM channels WHERE name = ?)`;
		return statement(store, query).run(channel).changes === 1;
	});
}
