import type {Alert} from '../model/alert.ts';
import type {Raid} from '../model/raid.ts';
import type {SpawnId} from '../model/spawn.ts';
import {fitRow, type Row, type Style, span, widthOf} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import type {Theme} from '../text/theme.ts';

/** The alerts that nobody has acknowledged, the loudest first. */
export function openAlerts({alerts}: Pick<Raid, 'alerts'>): readonly Alert[] {
	return alerts.filter(alert => alert.acknowledgedAt === null);
}

// With fewer columns than these for the sentence, the help gives way.
const leastText = 28;

/** How alerts are laid out. */
export interface AlertLayout {
	readonly width: number;
	/** At most so many alerts are shown; the last row says how many more there are. */
	readonly most: number;
}

/** The first alerts, a row each, at most `width` columns wide. The sentence is cut before its help and the count. */
export function alertRows(
	alerts: readonly Alert[],
	raid: Pick<Raid, 'spawns'>,
	{width, most}: AlertLayout,
	{marks}: Theme,
): readonly Row[] {
	const shown = alerts.slice(0, most);
	const hidden = alerts.length - shown.length;
	return shown.map((alert, index) => {
		const more = hidden > 0 && index === shown.length - 1 ? ` (and ${hidden} more)` : '';
		const help = describeHelp(alert, raid);
		const whole = help === '' ? '' : `  ${marks.arrow} ${help}`;
		const hasRoom = width - widthOf([span(more + whole)]) >= leastText;
		const tail = [span(more, styleOf(alert)), span(hasRoom ? whole : '', 'dim')];
		const isCalm = alert.severity === 'notice' || alert.acknowledgedAt !== null;
		const mark = isCalm ? marks.notice : marks.alert;
		const sentence = [span(`${mark} ${sanitiseLine(alert.text)}${noteOf(alert)}`, styleOf(alert))];
		const room = Math.max(0, width - widthOf(tail));
		return [...(widthOf(sentence) > room ? fitRow(sentence, room, marks.cut) : sentence), ...tail];
	});
}

function noteOf({acknowledgedAt}: Alert): string {
	return acknowledgedAt === null ? '' : ' (acknowledged)';
}

function styleOf({severity, acknowledgedAt}: Alert): Style {
	return severity === 'notice' || acknowledgedAt !== null ? 'dim' : severity;
}

/** The command that helps, with the spawn by its short name; empty where nothing needs to be done. */
export function describeHelp({help}: Alert, {spawns}: Pick<Raid, 'spawns'>): string {
	if (help === null) return '';
	const {command, spawn} = help;
	return sanitiseLine(spawn === null ? command : `${command} ${bareName(spawn, spawns)}`);
}

function bareName(id: SpawnId, spawns: Raid['spawns']): string {
	return spawns.find(spawn => spawn.id === id)?.shortId ?? id;
}
