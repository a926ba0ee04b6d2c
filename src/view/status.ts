import type {Raid} from '../model/raid.ts';
import type {State} from '../model/state.ts';
import type {System} from '../model/system.ts';
import {fitRow, type Row, type Style, span, widthOf} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import type {Theme} from '../text/theme.ts';
import {clock} from '../text/time.ts';

const narrow = 60;
const wide = 100;
const namesSystemFrom = 72;

/** Which raid this is, how many spawns are in which state, and the time of day. */
export function statusRow(raid: Raid, width: number, theme: Theme): Row {
	const left = [
		span(`${sanitiseLine(raid.system.name)} `, 'strong'),
		...(isChannelHeld(raid, raid.channel) ? [span('ON HOLD ', 'warning')] : []),
		...(width >= namesSystemFrom ? [span(`${describeSystem(raid.system, width)}  `, 'dim')] : []),
		...figuresOf(raid, width < narrow, theme),
	];
	const time = span(clock(raid.at), 'dim');
	return [...fitRow(left, width - widthOf([time]) - 1, theme.marks.cut), span(' '), time];
}

/** True while agents start nothing new in the channel, because it or every channel is on hold. */
export function isChannelHeld({holds}: Pick<Raid, 'holds'>, channel: string | null): boolean {
	return holds.some(scope => scope.type === 'all' || (scope.type === 'channel' && scope.channel === channel));
}

/** One figure of the status line: how many spawns are in one of these states. */
interface Tally {
	readonly word: string;
	/** The state whose glyph stands for the word where columns are few. */
	readonly glyphOf: State;
	readonly states: readonly State[];
	readonly style: Style;
	/** Shown at 0 too. */
	readonly isAlways?: true;
}

// Every state is in one of them, so that the figures equal the rows of the chain.
const tallies: readonly Tally[] = [
	{
		word: 'live',
		glyphOf: 'working',
		states: ['starting', 'working', 'stalled', 'no-session', 'overdue', 'stopping'],
		style: 'accent',
		isAlways: true,
	},
	{word: 'queued', glyphOf: 'queued', states: ['queued'], style: 'plain', isAlways: true},
	{word: 'held', glyphOf: 'held', states: ['held'], style: 'warning'},
	{word: 'waiting for quota', glyphOf: 'quota', states: ['quota'], style: 'warning'},
	{word: 'lost', glyphOf: 'lost', states: ['lost'], style: 'critical'},
	{word: 'stuck', glyphOf: 'stuck', states: ['stuck'], style: 'critical'},
	{word: 'orphan', glyphOf: 'orphan', states: ['orphan'], style: 'critical'},
	{word: 'stray', glyphOf: 'stray', states: ['stray'], style: 'critical'},
	{word: 'elsewhere', glyphOf: 'elsewhere', states: ['elsewhere'], style: 'dim'},
	{word: 'blocked', glyphOf: 'blocked', states: ['blocked'], style: 'critical'},
	{word: 'waiting', glyphOf: 'waiting', states: ['waiting'], style: 'plain'},
	{word: 'done', glyphOf: 'completed', states: ['completed'], style: 'plain', isAlways: true},
	{word: 'failed', glyphOf: 'failed', states: ['failed', 'timeout'], style: 'critical', isAlways: true},
	{word: 'killed', glyphOf: 'killed', states: ['killed'], style: 'warning'},
];

function figuresOf(raid: Raid, isNarrow: boolean, theme: Theme): Row {
	return tallies.flatMap(({word, glyphOf, states, style, isAlways}, index) => {
		const number = states.reduce((sum, state) => sum + raid.counts[state], 0) + heldBesides(raid, states);
		if (number === 0 && !isAlways) return [];
		const text = isNarrow ? `${theme.states[glyphOf].glyph}${number}` : `${number} ${word}`;
		const gap = index === 0 ? '' : isNarrow ? ' ' : ` ${theme.marks.separator} `;
		return [span(`${gap}${text}`, number > 0 ? style : 'plain')];
	});
}

/** The held mentions besides those of held spawns, where held ones are counted. */
function heldBesides({held, spawns}: Raid, states: readonly State[]): number {
	if (!states.includes('held')) return 0;
	// A held spawn may have no held mention: a retry has none, and a space-os records none.
	return Math.max(0, held - spawns.filter(({hold}) => hold !== null).length);
}

/** The system's location and note; the note alone where there is little room. */
function describeSystem({location, note}: System, width: number): string {
	const isWhole = note === '' || width >= wide;
	return [...(isWhole ? [sanitiseLine(location)] : []), note].filter(part => part !== '').join(' ');
}
