import type {Columns} from './columns.ts';
import type {Foreign} from './open.ts';

// Rows as space-os wrote them: times as texts, statuses in its own words. A column that it does not have is null.

export interface AgentRow {
	readonly agentId: string;
	readonly identity: string;
	readonly model: string | null;
	readonly role: string | null;
	readonly constitution: string | null;
	readonly createdAt: string | null;
	readonly lastActiveAt: string | null;
	readonly archivedAt: string | null;
}

/** Every agent and human, in the order of registration. */
export function listAgentRows(db: Foreign, {of}: Columns): readonly AgentRow[] {
	const query = `
		SELECT agent_id AS agentId, identity, nullif(${of('agents', 'model')}, '') AS model, ${of('agents', 'role')} AS role,
			${of('agents', 'constitution')} AS constitution, ${of('agents', 'created_at')} AS createdAt,
			${of('agents', 'last_active_at')} AS lastActiveAt, ${of('agents', 'archived_at')} AS archivedAt
		FROM agents ORDER BY rowid`;
	return db.prepare<[], AgentRow>(query).all();
}

export interface ChannelRow {
	readonly channelId: string;
	readonly name: string;
	readonly topic: string | null;
	readonly messages: number;
	readonly lastMessageId: string | null;
	readonly lastMessageAt: string | null;
	readonly createdAt: string | null;
	readonly archivedAt: string | null;
}

/** Every channel, in the order of creation. */
export function listChannelRows(db: Foreign, {of}: Columns): readonly ChannelRow[] {
	const query = `
		WITH counted AS (SELECT channel_id, count(*) AS count, max(rowid) AS latest FROM messages GROUP BY channel_id)
		SELECT channels.channel_id AS channelId, name, ${of('channels', 'topic')} AS topic, ifnull(count, 0) AS messages,
			message_id AS lastMessageId, ${of('messages', 'created_at')} AS lastMessageAt,
			${of('channels', 'created_at')} AS createdAt, ${of('channels', 'archived_at')} AS archivedAt
		FROM channels LEFT JOIN counted USING (channel_id) LEFT JOIN messages ON messages.rowid = latest
		ORDER BY channels.rowid`;
	return db.prepare<[], ChannelRow>(query).all();
}

export interface SpaceSpawnRow {
	readonly id: string;
	readonly agent: string;
	readonly model: string | null;
	readonly role: string | null;
	readonly parentId: string | null;
	readonly sessionId: string | null;
	readonly channelId: string | null;
	readonly channel: string | null;
	readonly status: string;
	readonly pid: number | null;
	readonly createdAt: string | null;
	readonly endedAt: string | null;
	/** When it last read its channel. */
	readonly readAt: string | null;
	readonly tokensIn: number | null;
	readonly tokensOut: number | null;
	/** Last entry of its session. */
	readonly sessionAt: string | null;
}

/** Every spawn, in the order of creation. */
export function listSpawnRows(db: Foreign, columns: Columns): readonly SpaceSpawnRow[] {
	const {of, has} = columns;
	const hasSessions = has('sessions', 'session_id') && has('spawns', 'session_id');
	const hasBookmarks = has('bookmarks', 'reader_id') && has('bookmarks', 'updated_at');
	const session = (column: string) => (hasSessions ? of('sessions', column) : 'NULL');
	const query = `
		SELECT spawns.id, ifnull(identity, spawns.agent_id) AS agent, nullif(${of('agents', 'model')}, '') AS model,
			${of('agents', 'role')} AS role, ${of('spawns', 'parent_spawn_id')} AS parentId,
			${of('spawns', 'session_id')} AS sessionId, ${of('spawns', 'channel_id')} AS channelId,
			channels.name AS channel, spawns.status, ${of('spawns', 'pid')} AS pid,
			${of('spawns', 'created_at')} AS createdAt, ${of('spawns', 'ended_at')} AS endedAt,
			${hasBookmarks ? '(SELECT max(updated_at) FROM bookmarks WHERE reader_id = spawns.id)' : 'NULL'} AS readAt,
			${session('input_tokens')} AS tokensIn, ${session('output_tokens')} AS tokensOut,
			${session('last_message_at')} AS sessionAt
		FROM spawns LEFT JOIN agents USING (agent_id) LEFT JOIN channels ON channels.channel_id = ${of('spawns', 'channel_id')}
			${hasSessions ? 'LEFT JOIN sessions ON sessions.session_id = spawns.session_id' : ''}
		ORDER BY spawns.rowid`;
	return db.prepare<[], SpaceSpawnRow>(query).all();
}

export interface MessageRow {
	readonly id: string;
	readonly channel: string;
	readonly from: string;
	readonly text: string;
	readonly createdAt: string | null;
}

/** Which messages. */
export interface MessageFilter {
	readonly channel?: string;
	readonly after?: string | null;
	readonly before?: string | null;
	/** Only those that may mention somebody. */
	readonly isMentioning?: boolean;
	/** Only the latest so many; -1: all. */
	readonly limit: number;
	/** Longest text in characters; whole when not given. */
	readonly longestText?: number;
}

/** Messages in the order in which they were stored. */
export function listMessageRows(db: Foreign, {of}: Columns, filter: MessageFilter): readonly MessageRow[] {
	const {channel, after = null, before = null, isMentioning = false, limit, longestText} = filter;
	const text =
		longestText === undefined
			? 'content'
			: `iif(length(content) <= ${longestText}, content, substr(content, 1, ${longestText}) ||
				printf(' [cut: %d of %d characters; raid recv prints all]', ${longestText}, length(content)))`;
	const query = `
		SELECT message_id AS id, ifnull(channels.name, messages.channel_id) AS channel,
			ifnull(identity, messages.agent_id) AS "from", ${text} AS text, ${of('messages', 'created_at')} AS createdAt
		FROM messages LEFT JOIN channels USING (channel_id) LEFT JOIN agents USING (agent_id)
		WHERE messages.rowid > ifnull((SELECT rowid FROM messages WHERE message_id = @after), 0)
			AND messages.rowid < ifnull((SELECT rowid FROM messages WHERE message_id = @before), ${Number.MAX_SAFE_INTEGER})
			${channel === undefined ? '' : 'AND messages.channel_id = (SELECT channel_id FROM channels WHERE name = @channel)'}
			${isMentioning ? `AND instr(content, '@') > 0` : ''}
		ORDER BY messages.rowid DESC LIMIT @limit`;
	return db
		.prepare<[object], MessageRow>(query)
		.all({after, before, limit, ...(channel === undefined ? {} : {channel})})
		.reverse();
}

/** The author, time and channel of each message since an instant as ids order it; without the texts. */
export function listSigns(
	db: Foreign,
	columns: Columns,
	sinceId: string,
): readonly Omit<MessageRow, 'text'>[] {
	const query = `
		SELECT message_id AS id, channels.name AS channel, identity AS "from", ${columns.of('messages', 'created_at')} AS createdAt
		FROM messages JOIN channels USING (channel_id) JOIN agents USING (agent_id)
		WHERE message_id >= ? ORDER BY messages.rowid`;
	return db.prepare<[string], MessageRow>(query).all(sinceId);
}

/** Messages of agents that no human has followed in their channel, and that mention somebody, oldest first. */
export function listCallRows(db: Foreign, {of}: Columns): readonly MessageRow[] {
	const model = `nullif(${of('agents', 'model')}, '')`;
	const query = `
		WITH spoken AS (
			SELECT channel_id, max(messages.rowid) AS latest FROM messages JOIN agents USING (agent_id)
			WHERE ${model} IS NULL GROUP BY channel_id
		)
		SELECT message_id AS id, channels.name AS channel, identity AS "from", substr(content, 1, ${longestCall}) AS text,
			${of('messages', 'created_at')} AS createdAt
		FROM messages JOIN channels USING (channel_id) JOIN agents USING (agent_id)
			LEFT JOIN spoken ON spoken.channel_id = messages.channel_id
		WHERE messages.rowid > ifnull(latest, 0) AND ${model} IS NOT NULL AND instr(content, '@') > 0
		ORDER BY messages.rowid`;
	return db.prepare<[], MessageRow>(query).all();
}

// Names beyond this much text are ignored.
const longestCall = 16_384;
