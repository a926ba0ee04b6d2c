import type {Alert} from '../model/alert.ts';
import type {Raid, SpawnState} from '../model/raid.ts';
import type {System} from '../model/system.ts';
import {fitRow, type Row, type Style, span, widthOf} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
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
	const {name} = raid.system;
	const isOnHold = raid.holds.some(
		scope => scope.type === 'all' || (scope.type === 'channel' && scope.channel === raid.channel),
	);
	const left = [
		span(`${name} `, 'strong'),
		...(isOnHold ? [span('ON HOLD ', 'warning')] : []),
		...(width >= 72 ? [span(`${placeOf(raid.system, width)}  `, 'dim')] : []),
		...counts,
	];
	const time = span(clock(raid.at), 'dim');
	const room = width - widthOf([time]) - 1;
	return [...fitRow(left, room), span(' '), time];
}

const wide = 100;

/** Which raid it is: whole where there is room, else at least that it can only be read. */
function placeOf({location, note}: System, width: number): string {
	const isWhole = note === '' || width >= wide;
	return [...(isWhole ? [sanitiseLine(location)] : []), note].filter(part => part !== '').join(' ');
}

/** The worst alerts, at most so many, with how many more there are. */
export function alertRows({alerts, spawns}: Raid, most: number): readonly Row[] {
	const shown = alerts.slice(0, most);
	return shown.map((alert, index) => {
		const more = alerts.length - shown.length;
		const tail = index === shown.length - 1 && more > 0 ? ` (and ${more} more)` : '';
		const help = describeHelp(alert, spawns);
		const style = alert.severity === 'notice' ? 'dim' : alert.severity;
		return [
			span(`! ${sanitiseLine(alert.text)}${tail}`, style),
			span(help === '' ? '' : `  → ${help}`, 'dim'),
		];
	});
}

/** The command that helps, with the spawn by its short name; empty where nothing needs to be done. */
export function describeHelp({help}: Alert, spawns: readonly SpawnState[]): string {
	if (help === null) return '';
	const {command, spawn: id} = help;
	const name = id === null ? null : (spawns.find(spawn => spawn.id === id)?.shortId ?? id);
	return name === null ? command : `${command} ${name}`;
}
