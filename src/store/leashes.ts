import {type Leash, type LeashUses, opensAt} from '../model/leash.ts';
import type {MessageId} from '../model/message.ts';
import {onceEach} from '../model/once-each.ts';
import type {LeashRecord} from '../model/record.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';
import {instant, isoTime} from './time.ts';

// The operator asked for a retry, not an agent.
const isUse = `retry_of IS NULL AND EXISTS (
	SELECT 1 FROM messages JOIN agents USING (agent_id)
	WHERE messages.message_id = raid_spawns.message_id AND agents.model IS NOT NULL)`;

// Unlike times, sequences never go back.
const isSinceRefill = `raid_spawns.sequence > ifnull(
	(SELECT raid_leashes.sequence FROM raid_leashes WHERE raid_leashes.root_message_id = raid_spawns.root_message_id), 0)`;

/** SQL: the root message of the chain that a message belongs to, as one of `raid_messages` has it. */
export const rootOfMessage = `iif(raid_messages.spawn_id IS NULL, raid_messages.message_id,
	(SELECT root_message_id FROM raid_spawns WHERE raid_spawns.spawn_id = raid_messages.spawn_id))`;

/** When agents triggered the spawns of the chain of a root message, since its leash was last refilled. */
export function listLeashUses(store: Store, root: MessageId | null): LeashUses {
	const query = `
		SELECT ${instant('created_at')} FROM raid_spawns JOIN spawns ON id = spawn_id
		WHERE root_message_id IS ? AND ${isUse} AND ${isSinceRefill} ORDER BY raid_spawns.sequence`;
	return statement<[MessageId | null], Instant>(store, query).pluck().all(root);
}

/** Returns when the leash lets the next spawn of a chain go, by its root message; null for never. Each chain is read once. */
export function readOpenings(store: Store, leash: Leash): (root: MessageId | null) => Instant | null {
	return onceEach(root => opensAt(leash, listLeashUses(store, root)));
}

/** How many spawns wait for the leash of a chain: its held mentions, those of one agent and channel as one. */
export function countWaiting(store: Store, root: MessageId | null): number {
	const query = `
		SELECT count(DISTINCT identity || ' ' || posted_in) FROM raid_mentions JOIN raid_messages USING (message_id)
		WHERE outcome = 'held' AND reason = 'leash' AND ${rootOfMessage} IS ?`;
	return statement<[MessageId | null], number>(store, query).pluck().get(root) ?? 0;
}

/**
 * The root messages of the chains that have reached a channel, and whose leash is not whole. Those that have stood still
 * since a human last spoke there are left out: that message has refilled them.
 */
export function listUsedRoots(store: Store, channel: string): readonly MessageId[] {
	const query = `
		WITH place AS (SELECT channel_id, human_sequence FROM channels JOIN raid_channels USING (channel_id) WHERE name = ?)
		SELECT DISTINCT root_message_id FROM raid_spawns
		WHERE root_message_id IN (
				SELECT root_message_id FROM raid_spawns WHERE sequence > (SELECT human_sequence FROM place))
			AND EXISTS (
				SELECT 1 FROM raid_spawns AS near JOIN spawns ON id = near.spawn_id
				WHERE near.root_message_id = raid_spawns.root_message_id
					AND channel_id = (SELECT channel_id FROM place))
			AND ${isUse} AND ${isSinceRefill}
		ORDER BY root_message_id`;
	return statement<[string], MessageId>(store, query).pluck().all(channel);
}

/** Refills the leash of the chain of a root message: earlier spawns no longer count. */
export function refillLeash(
	store: Store,
	root: MessageId,
	{by, at}: {readonly by: string; readonly at: Instant},
): void {
	record(store, {kind: 'leash-refilled', at, root, by}, sequence => {
		const query = `
			INSERT INTO raid_leashes (root_message_id, sequence, refilled_at) VALUES (?, ?, ?)
			ON CONFLICT (root_message_id) DO UPDATE SET sequence = excluded.sequence, refilled_at = excluded.refilled_at`;
		statement(store, query).run(root, sequence, isoTime(at));
	});
}

/** The latest refill of each chain, in the order in which they happened. */
export function listLeashRecords(store: Store): readonly LeashRecord[] {
	const query = `
		SELECT root_message_id AS root, sequence, ${instant('refilled_at')} AS at FROM raid_leashes ORDER BY sequence`;
	return statement<[], LeashRecord>(store, query).all();
}

/** The message at the root of the chain that a message belongs to; null where nobody recorded it. */
export function findRoot(store: Store, messageId: MessageId): MessageId | null {
	const query = `SELECT ${rootOfMessage} FROM raid_messages WHERE message_id = ?`;
	return statement<[MessageId], MessageId | null>(store, query).pluck().get(messageId) ?? null;
}
