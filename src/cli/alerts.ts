import type {Raid} from '../model/raid.ts';
import {formatDuration} from '../model/time.ts';
import type {Row} from '../text/row.ts';
import {describeHelp} from '../view/alerts.ts';
import {tableRows} from './rows.ts';

/** The alerts of a raid as a table. */
export function alertTable(raid: Raid): readonly Row[] {
	const {alerts, spawns, at} = raid;
	const names = new Map(spawns.map(spawn => [spawn.id, spawn.shortId]));
	return tableRows(
		['ALERT', 'SEVERITY', 'KIND', 'SPAWN', 'SINCE', 'WHAT', 'WHAT HELPS'],
		alerts.map(alert => [
			alert.id,
			alert.acknowledgedAt === null ? alert.severity : 'acknowledged',
			alert.kind,
			alert.spawn === null ? '-' : (names.get(alert.spawn) ?? alert.spawn),
			`${formatDuration(at - alert.since)} ago`,
			alert.text,
			describeHelp(alert, raid),
		]),
	);
}
