import type {MessageWithMentions} from '../../model/message.ts';
import {presentQuery} from '../../model/query.ts';
import type {Raid} from '../../model/raid.ts';
import {type Row, span} from '../../text/row.ts';
import {sanitiseLine} from '../../text/sanitise.ts';
import type {Size} from '../../text/size.ts';
import type {Theme} from '../../text/theme.ts';
import {countMessageRows, indexOfAnchor, tailRows} from '../../view/tail.ts';
import type {Section} from '../binding.ts';
import {layoutOf} from '../layout.ts';
import {type TailState, type ViewState, withPane} from '../state.ts';

/** The keys of the channel. */
export const tailSection: Section = {
	title: 'Channel',
	bindings: [
		{
			id: 'tail.back',
			keys: ['pageup', 'ctrl-u'],
			label: 'scroll',
			help: 'scroll the channel back by a page',
			footer: 'never',
			refusal: (raid, view) =>
				isAtTop(raid, view) && countOlder(raid) === 0 ? 'The first message is already shown.' : null,
			press: (view, raid) => ({view: readOlder(scroll(view, raid, -pageHeight(raid, view)), raid)}),
		},
		{
			id: 'tail.forward',
			keys: ['pagedown', 'ctrl-d'],
			label: 'scroll',
			help: 'scroll the channel forward by a page',
			footer: 'never',
			refusal: (_raid, {panes}) =>
				panes.tail.type === 'following' ? 'The newest message is already shown.' : null,
			press: (view, raid) => ({view: scroll(view, raid, pageHeight(raid, view))}),
		},
	],
};

const following: TailState = {type: 'following'};

function pageHeight(raid: Raid, view: ViewState): number {
	return Math.max(1, layoutOf(raid, view).tail.height - 1);
}

/** A row of the loaded messages, counted from the first one. */
interface Position {
	readonly index: number;
	readonly row: number;
}

/** The view with the channel scrolled by so many rows; it follows again when the last row is reached. */
function scroll(view: ViewState, raid: Raid, by: number): ViewState {
	const messages = messagesOf(raid, view);
	const size = layoutOf(raid, view).tail;
	const highest = moved(messages, {index: 0, row: 0}, size.height - 1, size.width);
	const from = bottomOf(messages, view.panes.tail, size);
	const to = later(moved(messages, from, by, size.width), highest);
	const message = messages[to.index];
	const newest = messages.at(-1);
	if (message === undefined || newest === undefined) return view;
	if (message === newest && to.row === countMessageRows(message, size.width) - 1)
		return withPane(view, 'tail', following);
	const {tail} = view.panes;
	const start = tail.type === 'scrolled' ? tail : {newest: newest.id, count: presentQuery.messages.count};
	return withPane(view, 'tail', {
		type: 'scrolled',
		anchor: {message: message.id, row: to.row},
		newest: start.newest,
		count: start.count,
	});
}

/** The last row that is shown: never above the first page, so that no key press is lost there. */
function bottomOf(
	messages: readonly MessageWithMentions[],
	tail: TailState,
	{width, height}: Size,
): Position {
	const anchor = tail.type === 'scrolled' ? tail.anchor : null;
	const index = Math.max(0, indexOfAnchor(messages, anchor));
	const message = messages[index];
	const last = message === undefined ? 0 : countMessageRows(message, width) - 1;
	const bottom = {index, row: Math.min(last, anchor?.row ?? last)};
	return later(bottom, moved(messages, {index: 0, row: 0}, height - 1, width));
}

/** The position so many rows further on, or back; at most the first or the last row. */
function moved(
	messages: readonly MessageWithMentions[],
	{index: from, row}: Position,
	by: number,
	width: number,
): Position {
	const rowsOf = (index: number) => {
		const message = messages[index];
		return message === undefined ? 0 : countMessageRows(message, width);
	};
	let index = from;
	let to = row + by;
	while (to < 0 && index > 0) {
		index -= 1;
		to += rowsOf(index);
	}
	while (to >= rowsOf(index) && index < messages.length - 1) {
		to -= rowsOf(index);
		index += 1;
	}
	return {index, row: Math.max(0, Math.min(to, rowsOf(index) - 1))};
}

function later(a: Position, b: Position): Position {
	return a.index > b.index || (a.index === b.index && a.row > b.row) ? a : b;
}

/** True when the first of the loaded messages is shown from its first row. */
function isAtTop(raid: Raid, view: ViewState): boolean {
	return endsWithin(raid, view, 1);
}

/** True when the part that is shown ends within the first so many pages of the loaded messages. */
function endsWithin(raid: Raid, view: ViewState, pages: number): boolean {
	const messages = messagesOf(raid, view);
	const size = layoutOf(raid, view).tail;
	const limit = moved(messages, {index: 0, row: 0}, pages * size.height - 1, size.width);
	return later(bottomOf(messages, view.panes.tail, size), limit) === limit;
}

/** Messages of the channel that are older than the loaded ones. */
function countOlder({channels, channel, messages}: Raid): number {
	const total = channels.find(({name}) => name === channel)?.messages ?? 0;
	return Math.max(0, total - messages.length);
}

/** The view, which asks for more messages once the part that is shown is near the oldest loaded one. */
export function readOlder(view: ViewState, raid: Raid): ViewState {
	const {tail} = view.panes;
	if (tail.type === 'following' || raid.channel !== view.channel || countOlder(raid) === 0) return view;
	// The messages that were asked for last have not come yet.
	if (raid.messages.length < tail.count || !endsWithin(raid, view, 2)) return view;
	return withPane(view, 'tail', {...tail, count: tail.count + presentQuery.messages.count});
}

/** The messages of the shown channel. Empty until the raid that was asked for it has come. */
export function messagesOf(raid: Raid, {channel}: ViewState): readonly MessageWithMentions[] {
	return channel === null || raid.channel === channel ? raid.messages : [];
}

/** The rows of the channel. */
export function tailPane(raid: Raid, view: ViewState, size: Size, theme: Theme): readonly Row[] {
	if (view.channel !== null && raid.channel !== view.channel) return [[span('reading the channel', 'dim')]];
	if (raid.messages.length === 0) return [[span('no messages yet', 'dim')]];
	const {tail} = view.panes;
	return tailRows(raid, tail.type === 'following' ? null : tail.anchor, size, theme);
}

/** The channel's name, as its title. */
export function tailTitle({channel}: ViewState): string {
	return channel === null ? 'no channel' : `#${sanitiseLine(channel)}`;
}

/** Where the shown part is; `key` goes back to the newest message. Empty at the end of the channel. */
export function tailMark(raid: Raid, view: ViewState, key: string): string {
	const {tail} = view.panes;
	if (tail.type === 'following') return '';
	const older = countOlder(raid);
	const parts = [
		countNew(raid, tail) === 0 ? 'scrolled back' : `${countNew(raid, tail)} new`,
		...(older > 0 && isAtTop(raid, view) ? [`${older} older`] : []),
		`${key}: newest`,
	];
	return parts.join(', ');
}

/** Messages that have come since scrolling back began, and that are not yet scrolled to. */
function countNew({messages}: Raid, {anchor, newest}: Extract<TailState, {type: 'scrolled'}>): number {
	const seen = messages.findIndex(({id}) => id === newest);
	return messages.length - 1 - Math.max(seen, indexOfAnchor(messages, anchor));
}
