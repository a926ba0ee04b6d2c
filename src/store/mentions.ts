import {damaged} from '../model/damage.ts';
import {
	type DecidedMention,
	type Decision,
	type HoldReason,
	type LedgerEntry,
	type MentionRecord,
	outcomes,
} from '../model/mention.ts';
import type {Message, MessageId, MessageWithMentions} from '../model/message.ts';
import type {SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';
import {instant, isoTime} from './time.ts';

const mentionQuery = `
	SELECT message_id AS messageId, identity, outcome, reason, spawn_id AS spawnId, ${instant('decided_at')} AS decidedAt
	FROM raid_mentions
`;

/** The messages, each with its part of the ledger. */
export function withMentions(store: Store, messages: readonly Message[]): readonly MessageWithMentions[] {
	const ids = JSON.stringify(messages.map(message => message.id));
	const query = `${mentionQuery} WHERE message_id IN (SELECT value FROM json_each(?)) ORDER BY sequence`;
	const records = statement<[string], MentionRecord>(store, query).all(ids).map(sound);
	const byMessage = Map.groupBy(records, mention => mention.messageId);
	return messages.map(message => ({...message, mentions: byMessage.get(message.id) ?? []}));
}

/** The part of the ledger that one message made. */
export function listMentionsOf(store: Store, messageId: MessageId): readonly MentionRecord[] {
	const query = `${mentionQuery} WHERE message_id = ? ORDER BY sequence`;
	return statement<[string], MentionRecord>(store, query).all(messageId);
}

/** The whole ledger, oldest first. */
export function listMentions(store: Store): readonly MentionRecord[] {
	return statement<[], MentionRecord>(store, `${mentionQuery} ORDER BY sequence`).all().map(sound);
}

/** The mention with an outcome that we know: any other reads as ignored, and the reason says which it is. */
function sound<M extends MentionRecord>(mention: M): M {
	const {outcome} = mention;
	if (outcomes.includes(outcome)) return mention;
	return {...mention, outcome: 'ignored', reason: damaged(`the outcome "${outcome}"`)};
}

/** Adds a line to the ledger. */
export function addMention(store: Store, mention: DecidedMention): void {
	const {messageId, identity, outcome, reason, spawnId, decidedAt} = mention;
	record(store, {kind: 'mention-decided', at: decidedAt, mention: lineOf(mention)}, sequence => {
		const query = `
			INSERT INTO raid_mentions (message_id, identity, outcome, reason, spawn_id, decided_at, sequence)
			VALUES (?, ?, ?, ?, ?, ?, ?)`;
		const at = isoTime(decidedAt);
		statement(store, query).run(messageId, identity, outcome, reason, spawnId, at, sequence);
	});
}

/** Records the new outcome of a mention that had waited, and who decided it. False when it is recorded already. */
export function settleMention(
	store: Store,
	mention: DecidedMention,
	{by, at}: {readonly by: string | null; readonly at: Instant},
): boolean {
	const {messageId, identity, outcome, reason, spawnId} = mention;
	return record(
		store,
		{kind: 'mention-settled', at, by, mention: lineOf({...mention, decidedAt: at})},
		() => {
			const query = `
			UPDATE raid_mentions SET outcome = @outcome, reason = @reason, spawn_id = @spawnId, decided_at = @decidedAt
			WHERE message_id = @messageId AND identity = @identity
				AND (outcome <> @outcome OR reason IS NOT @reason OR spawn_id IS NOT @spawnId)`;
			const values = {messageId, identity, outcome, reason, spawnId, decidedAt: isoTime(at)};
			return statement<object>(store, query).run(values).changes === 1;
		},
	);
}

/** The line of the ledger in a mention, without the rest that callers carry. */
function lineOf({messageId, identity, outcome, reason, spawnId, decidedAt}: DecidedMention): DecidedMention {
	return {messageId, identity, spawnId, decidedAt, ...({outcome, reason} as Decision)};
}

/** The author of the message of a mention. */
export interface Writer {
	/** The spawn that wrote it; null when none did. */
	readonly senderSpawnId: SpawnId | null;
	readonly isFromAgent: boolean;
}

type LedgerLine = LedgerEntry & Decision & Writer;

/** A mention that waits for the end of its agent's running spawn, with all that the later decision needs. */
export type QueuedMention = LedgerLine & {readonly outcome: 'queued'};

/** A mention that waits for the operator, with all that the later decision needs. */
export type HeldMention = LedgerLine & {readonly outcome: 'held'};

type LedgerRow = LedgerEntry & Decision & Omit<Writer, 'isFromAgent'> & {readonly isFromAgent: 0 | 1};

const ledgerQuery = `
	SELECT message_id AS messageId, raid_mentions.identity, outcome, reason, raid_mentions.spawn_id AS spawnId,
		${instant('decided_at')} AS decidedAt, channels.name AS channel, agents.identity AS "from",
		raid_messages.spawn_id AS senderSpawnId, agents.model IS NOT NULL AS isFromAgent
	FROM raid_mentions JOIN messages USING (message_id) JOIN raid_messages USING (message_id)
		JOIN channels USING (channel_id) JOIN agents USING (agent_id)
`;

function lineOfRow<R extends LedgerRow>(row: R): Omit<R, 'isFromAgent'> & {readonly isFromAgent: boolean} {
	return {...sound(row), isFromAgent: row.isFromAgent === 1};
}

/** Mentions of an agent in a channel that wait for its running spawn to end, oldest first. */
export function listQueuedMentions(
	store: Store,
	identity: string,
	channel: string,
): readonly QueuedMention[] {
	const query = `${ledgerQuery}
		WHERE outcome = 'queued' AND raid_mentions.spawn_id IS NULL AND raid_mentions.identity = ? AND channels.name = ?
		ORDER BY raid_mentions.sequence`;
	return statement<[string, string], LedgerRow & {outcome: 'queued'}>(store, query)
		.all(identity, channel)
		.map(lineOfRow);
}

/** The mentions that are held, oldest first. */
export function listHeldMentions(store: Store): readonly HeldMention[] {
	const query = `${ledgerQuery} WHERE outcome = 'held' ORDER BY raid_mentions.sequence`;
	return statement<[], LedgerRow & {outcome: 'held'}>(store, query).all().map(lineOfRow);
}

/** The latest lines of the ledger, oldest first. */
export function listLedger(store: Store, limit: number): readonly (LedgerEntry & Writer)[] {
	const query = `${ledgerQuery} ORDER BY raid_mentions.sequence DESC LIMIT ?`;
	return statement<[number], LedgerRow>(store, query).all(limit).reverse().map(lineOfRow);
}

/** True when a mention is held for this reason. */
export function hasHeldFor(store: Store, reason: HoldReason): boolean {
	const query = `SELECT 1 FROM raid_mentions WHERE outcome = 'held' AND reason = ? LIMIT 1`;
	return statement<[string]>(store, query).get(reason) !== undefined;
}

/** How many mentions are held. */
export function countHeldMentions(store: Store): number {
	const query = `SELECT count(*) FROM raid_mentions WHERE outcome = 'held'`;
	return statement<[], number>(store, query).pluck().get() ?? 0;
}
