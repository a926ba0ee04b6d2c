import {alertTable} from '../cli/alerts.ts';
import {command} from '../cli/command.ts';
import {chooseAlerts} from '../cli/references.ts';
import {textRow} from '../cli/rows.ts';
import {misuse} from '../cli/usage.ts';
import {alertDocument} from '../documents/alert.ts';
import type {Action} from '../model/action.ts';
import {everySpawn} from '../model/query.ts';
import {describeResult} from '../view/result.ts';

export const alerts = command({
	name: 'alerts',
	group: 'watch',
	summary: 'List the alerts, or acknowledge them.',
	arguments: [
		{
			name: 'named',
			label: 'ALERT',
			type: 'text',
			isOptional: true,
			isRepeated: true,
			help: "with --ack: the id of an alert, its kind, or a prefix or suffix of its spawn's id",
		},
	],
	flags: {
		ack: {type: 'boolean', help: 'acknowledge these alerts'},
		all: {type: 'boolean', help: 'with --ack: every alert'},
	},
	examples: ['raid alerts', 'raid alerts --ack 3f2a', 'raid alerts --ack stalled', 'raid alerts --ack --all'],
	inSpaceOs: 'It keeps no alerts, so none can be acknowledged.',
	async run({named}, {ack = false, all = false}, {openBackend, openToChange}) {
		if (!ack) {
			if (all || named.length > 0) throw misuse(alerts, 'Add --ack to acknowledge an alert.');
			const raid = (await openBackend()).read(everySpawn);
			const rows = raid.alerts.length === 0 ? [textRow('Nothing needs you.')] : alertTable(raid);
			return {document: {alerts: raid.alerts.map(alertDocument)}, rows};
		}
		if (all === named.length > 0) throw misuse(alerts, 'Name the alerts, or give --all.');
		const backend = await openToChange();
		const open = backend.read(everySpawn).alerts.filter(alert => alert.acknowledgedAt === null);
		const ids = (all ? open : chooseAlerts(open, named)).map(({id}) => id);
		const action: Action & {type: 'acknowledge'} = {type: 'acknowledge', alerts: ids};
		if (ids.length === 0) return {document: {acknowledged: []}, rows: [textRow('Nothing needs you.')]};
		const result = await backend.perform(action);
		const rows = [textRow(describeResult(action, result))];
		return {document: {acknowledged: [...result.alerts]}, rows};
	},
});
