import type {Alert} from '../model/alert.ts';
import type {Raid} from '../model/raid.ts';
import type {SpawnId} from '../model/spawn.ts';
import {type Row, type Style, span} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import type {Theme} from '../text/theme.ts';

/** The alerts that nobody has acknowledged, the loudest first. */
export function openAlerts({alerts}: Pick<Raid, 'alerts'>): readonly Alert[] {
	return alerts.filter(alert => alert.acknowledgedAt === null);
}

/** The first `most` alerts, a row each; the last row says how many more there are. */
export function alertRows(
	alerts: readonly Alert[],
	raid: Pick<Raid, 'spawns'>,
	most: number,
	{marks}: Theme,
): readonly Row[] {
	const shown = alerts.slice(0, most);
	const hidden = alerts.length - shown.length;
	return shown.map((alert, index) => {
		const isCalm = alert.severity === 'notice' || alert.acknowledgedAt !== null;
		const more = hidden > 0 && index === shown.length - 1 ? ` (and ${hidden} more)` : '';
		const help = describeHelp(alert, raid);
		return [
			span(
				`${isCalm ? marks.notice : marks.alert} ${sanitiseLine(alert.text)}${noteOf(alert)}${more}`,
				styleOf(alert),
			),
			span(help === '' ? '' : `  ${marks.arrow} ${help}`, 'dim'),
		];
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
