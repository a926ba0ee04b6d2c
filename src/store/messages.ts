import type {Claim} from '../model/action.ts';
import {systemIdentity} from '../model/agent.ts';
import type {Message, MessageId} from '../model/message.ts';
import type {MessageRecord} from '../model/record.ts';
import type {SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';
import {instant, isoTime} from './time.ts';

const columns = (text: string) => `
	message_id AS id, channels.name AS channel, agents.identity AS "from", ${text} AS text,
	${instant('messages.created_at')} AS at
`;

const tables = `
	messages JOIN raid_messages USING (message_id) JOIN channels USING (channel_id) JOIN agents USING (agent_id)
`;

/** The author of a message, and its claim. */
export interface Authorship {
	/** The spawn that wrote it; null for an operator's. */
	readonly spawnId: SpawnId | null;
	readonly claim: Claim | null;
}

/** Adds a message. One that a human wrote closes the breaker of its channel. */
export function addMessage(store: Store, message: Message, {spawnId, claim}: Authorship): void {
	const {id, channel, from, text, at} = message;
	const isHuman = isWrittenByHuman(store, from);
	const event = {
		kind: 'message-posted',
		at,
		spawn: spawnId,
		channel,
		id,
		from,
		text,
		claim,
		isHuman,
	} as const;
	record(store, event, sequence => {
		const query = `
			INSERT INTO messages (message_id, channel_id, agent_id, content, created_at)
			VALUES (?, (SELECT channel_id FROM channels WHERE name = ?),
				(SELECT agent_id FROM agents WHERE identity = ?), ?, ?)`;
		statement(store, query).run(id, channel, from, text, isoTime(at));
		const ours = `
			INSERT INTO raid_messages (message_id, posted_in, sequence, spawn_id, claim)
			VALUES (?, (SELECT channel_id FROM channels WHERE name = ?), ?, ?, ?)`;
		statement(store, ours).run(id, channel, sequence, spawnId, claim);
		const author = 'UPDATE agents SET last_active_at = ? WHERE identity = ?';
		statement(store, author).run(isoTime(at), from);
		const spoke = `
			UPDATE raid_channels SET last_sequence = @sequence
				${isHuman ? ', human_sequence = @sequence, failures_in_a_row = 0' : ''}
			WHERE channel_id = (SELECT channel_id FROM channels WHERE name = @channel)`;
		statement<object>(store, spoke).run({sequence, channel});
	});
}

function isWrittenByHuman(store: Store, identity: string): boolean {
	const query = `SELECT 1 FROM agents WHERE identity = ? AND model IS NULL AND identity <> '${systemIdentity}'`;
	return statement<[string]>(store, query).get(identity) !== undefined;
}

/** Which messages of a channel. */
export interface MessageRange {
	/** Only messages after this one. */
	readonly after?: MessageId | null;
	/** Only messages before this one. */
	readonly before?: MessageId | null;
	/** Only the latest so many. */
	readonly limit: number;
	/** Longest text, in characters; the rest is replaced by a note that says so. Whole when not given. */
	readonly longestText?: number;
}

/** Messages of a channel, oldest first. */
export function listMessages(
	store: Store,
	channel: string,
	{after = null, before = null, limit, longestText}: MessageRange,
): readonly Message[] {
	const text =
		longestText === undefined
			? 'content'
			: `iif(length(content) <= ${longestText}, content, substr(content, 1, ${longestText}) ||
				printf(' [cut: %d of %d characters; raid recv prints all]', ${longestText}, length(content)))`;
	const query = `
		SELECT ${columns(text)} FROM ${tables} WHERE posted_in = (SELECT channel_id FROM channels WHERE name = ?)
			AND sequence > ifnull((SELECT sequence FROM raid_messages WHERE message_id = ?), 0)
			AND sequence < ifnull((SELECT sequence FROM raid_messages WHERE message_id = ?), ${Number.MAX_SAFE_INTEGER})
		ORDER BY sequence DESC LIMIT ?`;
	return statement<[string, string | null, string | null, number], Message>(store, query)
		.all(channel, after, before, limit)
		.reverse();
}

/** The messages whose mentions a spawn answers, oldest first. One that was retried answers those of the spawn before. */
export function listTriggers(store: Store, spawnId: SpawnId): readonly Message[] {
	const query = `
		WITH RECURSIVE tries (id) AS (
			SELECT ? UNION SELECT retry_of FROM raid_spawns JOIN tries ON spawn_id = id WHERE retry_of IS NOT NULL
		)
		SELECT ${columns('content')} FROM ${tables}
		WHERE message_id IN (SELECT message_id FROM raid_mentions WHERE spawn_id IN (SELECT id FROM tries))
		ORDER BY sequence`;
	return statement<[string], Message>(store, query).all(spawnId);
}

/** The record of every message, oldest first. */
export function listMessageRecords(store: Store): readonly MessageRecord[] {
	const query = `
		SELECT ${columns('content')}, sequence, spawn_id AS spawnId, claim FROM ${tables} ORDER BY sequence`;
	return statement<[], MessageRecord>(store, query).all();
}

/** Who wrote a message; null when no message has this id. */
export function findAuthor(store: Store, id: MessageId): Pick<Authorship, 'spawnId'> | null {
	const query =
		'SELECT spawn_id AS spawnId FROM messages LEFT JOIN raid_messages USING (message_id) WHERE message_id = ?';
	return statement<[string], Pick<Authorship, 'spawnId'>>(store, query).get(id) ?? null;
}

/** When the spawn first said by `raid send --done` that its task is done, at `since` or later; null when it has not. */
export function findDoneAt(store: Store, spawnId: SpawnId, since: Instant): Instant | null {
	const query = `
		SELECT ${instant('min(created_at)')} FROM raid_messages JOIN messages USING (message_id)
		WHERE spawn_id = ? AND claim = 'done' AND created_at >= ?`;
	return (
		statement<[string, string], Instant | null>(store, query).pluck().get(spawnId, isoTime(since)) ?? null
	);
}

/** True when the spawn has posted anything itself. */
export function hasPosted(store: Store, spawnId: SpawnId): boolean {
	return (
		statement<[string]>(store, 'SELECT 1 FROM raid_messages WHERE spawn_id = ?').get(spawnId) !== undefined
	);
}
