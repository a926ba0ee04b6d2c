import type {Alert} from '../model/alert.ts';
import type {Raid} from '../model/raid.ts';
import {formatDuration} from '../model/time.ts';
import type {Row} from '../text/row.ts';
import {describeHelp} from '../view/status.ts';
import {tableRows} from './rows.ts';

/** True for an alert that `raid health` and `--check` exit 1 for. */
export function isPressing({severity, acknowledgedAt}: Alert): boolean {
	return severity !== 'notice' && acknowledgedAt === null;
}

/** The alerts of a raid as a table. */
export function alertTable({alerts, spawns, at}: Raid): readonly Row[] {
	const names = new Map(spawns.map(spawn => [spawn.id, spawn.shortId]));
	return tableRows(
		['SEVERITY', 'KIND', 'SPAWN', 'SINCE', 'WHAT', 'WHAT HELPS'],
		alerts.map(alert => [
			alert.acknowledgedAt === null ? alert.severity : 'acknowledged',
			alert.kind,
			alert.spawn === null ? '-' : (names.get(alert.spawn) ?? alert.spawn),
			`${formatDuration(at - alert.since)} ago`,
			alert.text,
			describeHelp(alert, spawns),
		]),
	);
}
