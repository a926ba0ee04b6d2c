import type {AlertRecord, OpenedAlert} from '../model/record.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';
import {instant, isoTime} from './time.ts';

const alertQuery = `
	SELECT alert_id AS id, kind, severity, subject, spawn_id AS spawn, channel, text, ${instant('since')} AS since,
		${instant('opened_at')} AS openedAt, ${instant('notified_at')} AS notifiedAt,
		${instant('acknowledged_at')} AS acknowledgedAt, acknowledged_by AS acknowledgedBy,
		${instant('closed_at')} AS closedAt
	FROM raid_alerts
`;

/** Every alert that was ever opened, or only those that are open, in the order in which they were first opened. */
export function listAlertRecords(
	store: Store,
	{isOpen = false}: {isOpen?: boolean} = {},
): readonly AlertRecord[] {
	const query = `${alertQuery} ${isOpen ? 'WHERE closed_at IS NULL' : ''} ORDER BY sequence`;
	return statement<[], AlertRecord>(store, query).all();
}

/**
 * Opens an alert, or opens it again; of one that is open, changes the severity. False when it is open with the same
 * severity: its text may have aged. An acknowledgement stays, because it is of the episode.
 */
export function openAlert(store: Store, opened: OpenedAlert, at: Instant): boolean {
	const {id, kind, severity, subject, spawn, channel, text, since} = opened;
	const alert = {id, kind, severity, subject, spawn, channel, text, since};
	return record(store, {kind: 'alert-opened', at, alert}, sequence => {
		const query = `
			INSERT INTO raid_alerts
				(alert_id, sequence, kind, severity, subject, spawn_id, channel, text, since, opened_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (alert_id) DO UPDATE SET severity = excluded.severity, text = excluded.text, closed_at = NULL
				WHERE closed_at IS NOT NULL OR severity <> excluded.severity`;
		const times = [isoTime(since), isoTime(at)];
		return (
			statement(store, query).run(id, sequence, kind, severity, subject, spawn, channel, text, ...times)
				.changes === 1
		);
	});
}

/** Records that somebody was notified of an open alert. False when it is not open. */
export function markNotified(store: Store, id: string, at: Instant): boolean {
	return record(store, {kind: 'alert-notified', at, alert: id}, () => {
		const query = 'UPDATE raid_alerts SET notified_at = ? WHERE alert_id = ? AND closed_at IS NULL';
		return statement(store, query).run(isoTime(at), id).changes === 1;
	});
}

/** Acknowledges an open alert. False when it is not open, or somebody has acknowledged it already. */
export function acknowledgeAlert(store: Store, id: string, by: string, at: Instant): boolean {
	return record(store, {kind: 'alert-acknowledged', at, alert: id, by}, () => {
		const query = `
			UPDATE raid_alerts SET acknowledged_at = ?, acknowledged_by = ?
			WHERE alert_id = ? AND closed_at IS NULL AND acknowledged_at IS NULL`;
		return statement(store, query).run(isoTime(at), by, id).changes === 1;
	});
}

/** Closes an alert whose reason is gone. False when it is not open. */
export function closeAlert(store: Store, id: string, at: Instant): boolean {
	const text =
		statement<[string], string>(store, 'SELECT text FROM raid_alerts WHERE alert_id = ?').pluck().get(id) ??
		'';
	return record(store, {kind: 'alert-closed', at, alert: id, text}, () => {
		const query = 'UPDATE raid_alerts SET closed_at = ? WHERE alert_id = ? AND closed_at IS NULL';
		return statement(store, query).run(isoTime(at), id).changes === 1;
	});
}
