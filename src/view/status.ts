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
	const [name, place] = raid.spaceOs === null ? ['raid', project] : spaceOsTitle(raid.spaceOs.title, width);
	const isOnHold = raid.holds.some(name => name === '*' || name === raid.channel);
	const left = [
		span(`${name} `, 'strong'),
		...(isOnHold ? [span('ON HOLD ', 'warning')] : []),
		...(width >= 72 ? [span(`${place}  `, 'dim')] : []),
		...counts,
	];
	const time = span(clock(raid.at), 'dim');
	const room = width - widthOf([time]) - 1;
	return [...fitRow(left, room), span(' '), time];
}

const wide = 100;

/** Which space-os it is: whole where there is room, else at least that it is one. */
function spaceOsTitle(title: string, width: number): readonly [name: string, place: string] {
	const [name = '', ...rest] = sanitiseLine(title).split(' ');
	return [name, width >= wide ? rest.join(' ') : rest.slice(-2).join(' ')];
}

/** The worst alerts, at most so many, with how many more there are. */
export function alertRows({alerts, spaceOs}: Raid, most: number): readonly Row[] {
	const shown = alerts.slice(0, most);
	return shown.map((alert, index) => {
		const more = alerts.length - shown.length;
		const tail = index === shown.length - 1 && more > 0 ? ` (and ${more} more)` : '';
		// The commands of space-os know whole ids only.
		const help = spaceOs === null ? alert.help.replace(alert.spawn, shortId(alert.spawn)) : alert.help;
		return [span(`! ${sanitiseLine(alert.text)}${tail}`, alert.severity), span(`  → ${help}`, 'dim')];
	});
}
