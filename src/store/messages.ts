import type {LedgerEntry, MentionRecord} from '../model/mention.ts';
import type {Message, MessageId, MessageWithMentions} from '../model/message.ts';
import type {SpawnId} from '../model/spawn.ts';
import type {Store} from './open.ts';
import {instant, isoTime} from './time.ts';

const messageQuery = (text: string) => `
	SELECT message_id AS id, channels.name AS channel, agents.identity AS "from", ${text} AS text,
		${instant('messages.created_at')} AS at
	FROM messages JOIN channels USING (channel_id) JOIN agents USING (agent_id)
`;

/** Adds a message; `spawnId` is the spawn that wrote it, null for an operator's. */
export function addMessage(store: Store, message: Message, spawnId: SpawnId | null): void {
	store
		.prepare(`
			INSERT INTO messages (message_id, channel_id, agent_id, content, created_at)
			VALUES (?, (SELECT channel_id FROM channels WHERE name = ?),
				(SELECT agent_id FROM agents WHERE identity = ?), ?, ?)
		`)
		.run(message.id, message.channel, message.from, message.text, isoTime(message.at));
	store
		.prepare('UPDATE agents SET last_active_at = ? WHERE identity = ?')
		.run(isoTime(message.at), message.from);
	if (spawnId === null) return;
	store.prepare('INSERT INTO raid_messages (message_id, spawn_id) VALUES (?, ?)').run(message.id, spawnId);
}

/** Which messages of a channel. */
export interface MessageRange {
	/** Only messages after this one. */
	readonly after?: MessageId | null;
	/** Only the latest so many. */
	readonly limit: number;
	/** Longest text, in characters; the rest is replaced by a note that says so. Whole when not given. */
	readonly longestText?: number;
}

/** Messages of a channel, oldest first. */
export function listMessages(
	store: Store,
	channel: string,
	{after = null, limit, longestText}: MessageRange,
): readonly Message[] {
	const text =
		longestText === undefined
			? 'content'
			: `iif(length(content) <= ${longestText}, content, substr(content, 1, ${longestText}) ||
				printf(' [cut: %d of %d characters; raid recv prints all]', ${longestText}, length(content)))`;
	// rowid is the order of commits; ids go back when the clock does.
	const query = `${messageQuery(text)}
		WHERE channels.name = ? AND messages.rowid > ifnull((SELECT rowid FROM messages WHERE message_id = ?), 0)
		ORDER BY messages.rowid DESC LIMIT ?`;
	return store.prepare<[string, string | null, number], Message>(query).all(channel, after, limit).reverse();
}

/** The messages whose mentions a spawn answers, oldest first. */
export function listTriggers(store: Store, spawnId: SpawnId): readonly Message[] {
	const query = `${messageQuery('content')}
		WHERE message_id IN (SELECT message_id FROM raid_mentions WHERE spawn_id = ?) ORDER BY messages.rowid`;
	return store.prepare<[string], Message>(query).all(spawnId);
}

/** True when the spawn has posted anything itself. */
export function hasPosted(store: Store, spawnId: SpawnId): boolean {
	return store.prepare('SELECT 1 FROM raid_messages WHERE spawn_id = ?').get(spawnId) !== undefined;
}

/** The messages, each with its part of the ledger. */
export function withMentions(store: Store, messages: readonly Message[]): readonly MessageWithMentions[] {
	const ids = JSON.stringify(messages.map(message => message.id));
	const query = `${mentionQuery} WHERE message_id IN (SELECT value FROM json_each(?)) ORDER BY rowid`;
	const records = store.prepare<[string], MentionRecord>(query).all(ids);
	const byMessage = Map.groupBy(records, record => record.messageId);
	return messages.map(message => ({...message, mentions: byMessage.get(message.id) ?? []}));
}

const mentionQuery = `
	SELECT message_id AS messageId, identity, outcome, reason, spawn_id AS spawnId, ${instant('decided_at')} AS decidedAt
	FROM raid_mentions
`;

/** Adds a line to the ledger. */
export function addMention(store: Store, mention: MentionRecord): void {
	const query = `INSERT INTO raid_mentions (message_id, identity, outcome, reason, spawn_id, decided_at)
		VALUES (?, ?, ?, ?, ?, ?)`;
	const {messageId, identity, outcome, reason, spawnId, decidedAt} = mention;
	store.prepare(query).run(messageId, identity, outcome, reason, spawnId, isoTime(decidedAt));
}

/** A line of the ledger, with all that a later decision needs. */
export interface WaitingMention extends LedgerEntry {
	/** The spawn that wrote the message; null when none did. */
	readonly senderSpawnId: SpawnId | null;
	readonly isFromAgent: boolean;
}

const ledgerQuery = `
	SELECT message_id AS messageId, raid_mentions.identity, outcome, reason, raid_mentions.spawn_id AS spawnId,
		${instant('decided_at')} AS decidedAt, channels.name AS channel, agents.identity AS "from",
		raid_messages.spawn_id AS senderSpawnId, agents.model IS NOT NULL AS isFromAgent
	FROM raid_mentions JOIN messages USING (message_id) JOIN channels USING (channel_id) JOIN agents USING (agent_id)
		LEFT JOIN raid_messages USING (message_id)
`;

/** Mentions of an agent in a channel that wait for its running spawn to end, oldest first. */
export function listQueuedMentions(
	store: Store,
	identity: string,
	channel: string,
): readonly WaitingMention[] {
	const query = `${ledgerQuery}
		WHERE outcome = 'queued' AND raid_mentions.spawn_id IS NULL AND raid_mentions.identity = ? AND channels.name = ?
		ORDER BY messages.rowid`;
	return store.prepare<[string, string], WaitingMention>(query).all(identity, channel);
}

/** The mentions that are held, oldest first. */
export function listHeldMentions(store: Store): readonly WaitingMention[] {
	const query = `${ledgerQuery} WHERE outcome = 'held' ORDER BY messages.rowid, raid_mentions.rowid`;
	return store.prepare<[], WaitingMention>(query).all();
}

/** The latest lines of the ledger, oldest first. */
export function listLedger(store: Store, limit: number): readonly WaitingMention[] {
	const query = `${ledgerQuery} ORDER BY raid_mentions.rowid DESC LIMIT ?`;
	return store.prepare<[number], WaitingMention>(query).all(limit).reverse();
}

/** How many mentions are held. */
export function countHeldMentions(store: Store): number {
	return (
		store.prepare<[], number>(`SELECT count(*) FROM raid_mentions WHERE outcome = 'held'`).pluck().get() ?? 0
	);
}

/** Says what became of a mention that had waited. */
export function settleMention(store: Store, mention: MentionRecord): void {
	store
		.prepare(
			'UPDATE raid_mentions SET outcome = ?, reason = ?, spawn_id = ? WHERE message_id = ? AND identity = ?',
		)
		.run(mention.outcome, mention.reason, mention.spawnId, mention.messageId, mention.identity);
}
