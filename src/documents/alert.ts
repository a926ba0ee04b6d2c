import * as v from 'valibot';
import {type Alert, alertKinds} from '../model/alert.ts';
import {textOrNull, time, timeOrNull, timestamp, timestampOrNull} from './common.ts';

/** Something that needs a person. */
export const alertSchema = v.strictObject({
	id: v.string(),
	kind: v.picklist(alertKinds),
	severity: v.picklist(['critical', 'warning', 'notice']),
	spawn: textOrNull,
	channel: textOrNull,
	text: v.string(),
	help: textOrNull,
	since: timestamp,
	acknowledgedAt: timestampOrNull,
});

type AlertDocument = v.InferOutput<typeof alertSchema>;

/** `raid alerts` and `raid health`. */
export const alertsSchema = v.strictObject({alerts: v.array(alertSchema)});

/** `raid alerts --ack`: ids of the alerts that are acknowledged now. */
export const acknowledgedSchema = v.strictObject({acknowledged: v.array(v.string())});

/** An alert as a part of documents. */
export function alertDocument(alert: Alert): AlertDocument {
	const {id, kind, severity, spawn, channel, text, help} = alert;
	return {
		id,
		kind,
		severity,
		spawn,
		channel,
		text,
		help: help === null ? null : [help.command, help.spawn].filter(word => word !== null).join(' '),
		since: time(alert.since),
		acknowledgedAt: timeOrNull(alert.acknowledgedAt),
	};
}
