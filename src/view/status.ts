import {basename, dirname} from 'node:path';
import type {Raid} from '../model/raid.ts';
import {fit, type Row, span, widthOf} from './row.ts';
import {sanitiseLine} from './sanitise.ts';
import {clock} from './tail.ts';

/** Which raid this is, how many spawns are in which state, and the time of day. */
export function statusRow(raid: Raid, width: number): Row {
	const {pending, running, completed, failed, timeout, killed} = raid.totals;
	const counts = [
		span(`${running} live`, running > 0 ? 'accent' : 'plain'),
		span(` · ${pending} queued`),
		span(` · ${completed} done`),
		span(` · ${failed + timeout} failed`, failed + timeout > 0 ? 'critical' : 'plain'),
		...(killed > 0 ? [span(` · ${killed} killed`, 'warning')] : []),
	];
	const project = sanitiseLine(basename(dirname(raid.home)));
	const left = [span('raid ', 'strong'), ...(width >= 80 ? [span(`${project}  `, 'dim')] : []), ...counts];
	const time = span(clock(raid.at), 'dim');
	const room = width - widthOf([time]) - 1;
	return [...fit(left, room), span(' '), time];
}

/** The worst alerts, at most so many, with how many more there are. */
export function alertRows({alerts}: Raid, most: number): readonly Row[] {
	const shown = alerts.slice(0, most);
	return shown.map((alert, index) => {
		const more = alerts.length - shown.length;
		const tail = index === shown.length - 1 && more > 0 ? ` (and ${more} more)` : '';
		return [span(`! ${sanitiseLine(alert.text)}${tail}`, alert.severity)];
	});
}
