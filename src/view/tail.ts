import {systemIdentity} from '../model/agent.ts';
import type {MentionRecord} from '../model/mention.ts';
import type {MessageWithMentions} from '../model/message.ts';
import type {SpawnState} from '../model/raid.ts';
import {type SpawnId, shortIds} from '../model/spawn.ts';
import {type Row, type Span, span, wrap} from '../text/row.ts';
import {sanitise, sanitiseLine} from '../text/sanitise.ts';
import {lookOf, outcomeStyles} from '../text/theme.ts';

const indent = '  ';

/**
 * The end of a channel in at most `height` rows of at most `width` columns: each message, and under it what became of
 * its mentions. `skipped` leaves out that many of the last rows. Only what is drawn is laid out.
 */
export function tailRows(
	messages: readonly MessageWithMentions[],
	spawns: readonly SpawnState[],
	{width, height, skipped = 0}: {readonly width: number; readonly height: number; readonly skipped?: number},
): readonly Row[] {
	const byId = new Map(spawns.map(spawn => [spawn.id, spawn]));
	const names = shortIds([...byId.keys()]);
	const rows: Row[] = [];
	for (const message of messages.toReversed()) {
		if (rows.length >= height + skipped) break;
		rows.unshift(...messageRows(message, byId, names, width));
	}
	const end = rows.length - Math.min(skipped, Math.max(0, rows.length - height));
	return rows.slice(Math.max(0, end - height), end);
}

function messageRows(
	message: MessageWithMentions,
	spawns: ReadonlyMap<SpawnId, SpawnState>,
	names: ReadonlyMap<SpawnId, string>,
	width: number,
): readonly Row[] {
	const head = [
		span(clock(message.at), 'dim'),
		span(` ${sanitiseLine(message.from)}`, senderStyle(message.from)),
	];
	const lines = wrap(sanitise(message.text).trim(), width - indent.length);
	const text = lines.map(line => [
		span(indent),
		span(line, message.from === systemIdentity ? 'dim' : 'plain'),
	]);
	return [head, ...text, ...message.mentions.map(mention => mentionRow(mention, spawns, names))];
}

function senderStyle(from: string): Span['style'] {
	return from === systemIdentity ? 'dim' : 'strong';
}

/** What became of a mention, and how its spawn is now. */
function mentionRow(
	{identity, outcome, reason, spawnId}: MentionRecord,
	spawns: ReadonlyMap<SpawnId, SpawnState>,
	names: ReadonlyMap<SpawnId, string>,
): Row {
	const spawn = spawnId === null ? undefined : spawns.get(spawnId);
	const why = reason === null ? '' : ` (${sanitiseLine(reason)})`;
	const head = [
		span(`${indent}→ @${sanitiseLine(identity)} `, 'dim'),
		span(`${outcome}${why}`, outcomeStyles[outcome]),
	];
	if (spawn === undefined) return head;
	const look = lookOf(spawn);
	return [...head, span(` #${names.get(spawn.id)} `, 'dim'), span(`${look.glyph} ${look.word}`, look.style)];
}

// Making one takes longer than a whole row: thousands of messages share it.
const clockFormat = new Intl.DateTimeFormat('en-GB', {timeStyle: 'medium', hourCycle: 'h23'});

/** The time of day of an instant, in the zone of the reader. */
export function clock(instant: number): string {
	return clockFormat.format(instant);
}
