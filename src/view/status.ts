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
		...countsOf(raid, width < narrow, theme),
	];
	const time = span(clock(raid.at), 'dim');
	return [...fitRow(left, width - widthOf([time]) - 1, theme.marks.cut), span(' '), time];
}

/** True while agents start nothing new in the channel, because it or every channel is on hold. */
export function isChannelHeld({holds}: Pick<Raid, 'holds'>, channel: string | null): boolean {
	return holds.some(scope => scope.type === 'all' || (scope.type === 'channel' && scope.channel === channel));
}

function countsOf({totals, held}: Raid, isNarrow: boolean, theme: Theme): Row {
	const {pending, running, completed, failed, timeout, killed} = totals;
	const count = (number: number, word: string, state: State, style: Style) => {
		const text = isNarrow
			? ` ${theme.states[state].glyph}${number}`
			: ` ${theme.marks.separator} ${number} ${word}`;
		return span(text, number > 0 ? style : 'plain');
	};
	const live = isNarrow ? `${theme.states.working.glyph}${running}` : `${running} live`;
	return [
		span(live, running > 0 ? 'accent' : 'plain'),
		count(pending, 'queued', 'queued', 'plain'),
		...(held > 0 ? [count(held, 'held', 'held', 'warning')] : []),
		count(completed, 'done', 'completed', 'plain'),
		count(failed + timeout, 'failed', 'failed', 'critical'),
		...(killed > 0 ? [count(killed, 'killed', 'killed', 'warning')] : []),
	];
}

/** The system's location and note; the note alone where there is little room. */
function describeSystem({location, note}: System, width: number): string {
	const isWhole = note === '' || width >= wide;
	return [...(isWhole ? [sanitiseLine(location)] : []), note].filter(part => part !== '').join(' ');
}
