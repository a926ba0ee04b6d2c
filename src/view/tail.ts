import {systemIdentity} from '../model/agent.ts';
import type {MentionRecord} from '../model/mention.ts';
import type {MessageId, MessageWithMentions} from '../model/message.ts';
import type {Raid, SpawnState} from '../model/raid.ts';
import type {SpawnId} from '../model/spawn.ts';
import {type Row, span, wrap} from '../text/row.ts';
import {sanitise, sanitiseLine} from '../text/sanitise.ts';
import type {Size} from '../text/size.ts';
import type {Theme} from '../text/theme.ts';
import {clock} from '../text/time.ts';

const indent = '  ';

/** One row of one message; row 0 is its head. It stays the same row whatever is posted before or after. */
export interface TailAnchor {
	readonly message: MessageId;
	readonly row: number;
}

/**
 * The part of a channel that ends with `anchor`, or its end when that is null, in at most `height` rows: each message,
 * and below it the outcomes of its mentions. Only the messages that are drawn are laid out.
 */
export function tailRows(
	{messages, spawns}: Pick<Raid, 'messages' | 'spawns'>,
	anchor: TailAnchor | null,
	{width, height}: Size,
	theme: Theme,
): readonly Row[] {
	const byId = new Map(spawns.map(spawn => [spawn.id, spawn]));
	const rowsOf = (index: number) => {
		const message = messages[index];
		return message === undefined ? [] : messageRows(message, byId, width, theme);
	};
	const last = Math.max(0, indexOfAnchor(messages, anchor));
	const ending = rowsOf(last);
	const split = anchor === null ? ending.length : anchor.row + 1;
	let rows = ending.slice(0, split);
	for (let index = last - 1; index >= 0 && rows.length < height; index -= 1)
		rows = [...rowsOf(index), ...rows];
	rows = rows.slice(Math.max(0, rows.length - height));
	// Above the anchor there may be too little for a pane that has become higher.
	const below = ending.slice(split);
	for (let index = last + 1; index < messages.length && rows.length + below.length < height; index += 1)
		below.push(...rowsOf(index));
	return [...rows, ...below].slice(0, height);
}

/** Index of the anchor's message, or of the latest one when the anchor is null; -1 when it is not among them. */
export function indexOfAnchor(messages: readonly MessageWithMentions[], anchor: TailAnchor | null): number {
	if (anchor === null) return messages.length - 1;
	return messages.findIndex(message => message.id === anchor.message);
}

/** The number of rows that a message takes in a pane of so many columns. */
export function countMessageRows(message: MessageWithMentions, width: number): number {
	return 1 + linesOf(message, width).length + message.mentions.length;
}

function messageRows(
	message: MessageWithMentions,
	spawns: ReadonlyMap<SpawnId, SpawnState>,
	width: number,
	theme: Theme,
): Row[] {
	const isSystem = message.from === systemIdentity;
	return [
		[span(clock(message.at), 'dim'), span(` ${sanitiseLine(message.from)}`, isSystem ? 'dim' : 'strong')],
		...linesOf(message, width).map(line => [span(indent), span(line, isSystem ? 'dim' : 'plain')]),
		...message.mentions.map(mention => mentionRow(mention, spawns, theme)),
	];
}

function linesOf({text}: MessageWithMentions, width: number): readonly string[] {
	return wrap(sanitise(text).trim(), width - indent.length);
}

/** The outcome of a mention, and the state of its spawn. */
function mentionRow(
	{identity, outcome, reason, spawnId}: MentionRecord,
	spawns: ReadonlyMap<SpawnId, SpawnState>,
	theme: Theme,
): Row {
	const spawn = spawnId === null ? undefined : spawns.get(spawnId);
	const why = reason === null ? '' : ` (${sanitiseLine(reason)})`;
	const head = [
		span(`${indent}${theme.marks.arrow} @${sanitiseLine(identity)} `, 'dim'),
		span(`${outcome}${why}`, theme.outcomes[outcome]),
	];
	if (spawn === undefined) return head;
	const {glyph, word, style} = theme.states[spawn.state];
	return [...head, span(` #${sanitiseLine(spawn.shortId)} `, 'dim'), span(`${glyph} ${word}`, style)];
}
