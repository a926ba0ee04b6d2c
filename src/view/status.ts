import {basename, dirname} from 'node:path';
import type {Raid} from '../model/raid.ts';
import {shortId} from '../model/spawn.ts';
import {fitRow, type Row, type Style, span, widthOf} from './row.ts';
import {sanitiseLine} from './sanitise.ts';
import {clock} from './tail.ts';

const narrow = 60;

/** Which raid this is, how many spawns are in which state, and the time of day. */
export function statusRow(raid: Raid, width: number): Row {
	const {pending, running, completed, failed, timeout, killed} = raid.totals;
	const isNarrow = width < narrow;
	const count = (number: number, word: string, glyph: string, style: Style) =>
		span(isNarrow ? ` ${glyph}${number}` : ` · ${number} ${word}`, number > 0 ? style : 'plain');
	const counts = [
		span(isNarrow ? `●${running}` : `${running} live`, running > 0 ? 'accent' : 'plain'),
		count(pending, 'queued', '◌', 'plain'),
		...(raid.held > 0 ? [count(raid.held, 'held', '‖', 'warning')] : []),
		count(completed, 'done', '✓', 'plain'),
		count(failed + timeout, 'failed', '✗', 'critical'),
		...(killed > 0 ? [count(killed, 'killed', '×', 'warning')] : []),
	];
	const project = sanitiseLine(basename(dirname(raid.home)));
	const isOnHold = raid.holds.some(name => name === '*' || name === raid.channel);
	const left = [
		span('raid ', 'strong'),
		...(isOnHold ? [span('ON HOLD ', 'warning')] : []),
		...(width >= 72 ? [span(`${project}  `, 'dim')] : []),
		...counts,
	];
	const time = span(clock(raid.at), 'dim');
	const room = width - widthOf([time]) - 1;
	return [...fitRow(left, room), span(' '), time];
}

/** The worst alerts, at most so many, with how many more there are. */
export function alertRows({alerts}: Raid, most: number): readonly Row[] {
	const shown = alerts.slice(0, most);
	return shown.map((alert, index) => {
		const more = alerts.length - shown.length;
		const tail = index === shown.length - 1 && more > 0 ? ` (and ${more} more)` : '';
		const help = alert.help.replace(alert.spawn, shortId(alert.spawn));
		return [span(`! ${sanitiseLine(alert.text)}${tail}`, alert.severity), span(`  → ${help}`, 'dim')];
	});
}
