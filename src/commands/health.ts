import {alertTable} from '../cli/alerts.ts';
import {command} from '../cli/command.ts';
import {textRow} from '../cli/rows.ts';
import {alertDocument} from '../documents/alert.ts';
import {exitCodes} from '../errors.ts';
import {needsPerson} from '../model/alert.ts';
import {everySpawn} from '../model/query.ts';

export const health = command({
	name: 'health',
	group: 'watch',
	summary: 'Show the alerts; exit 1 for a critical alert or warning that is not acknowledged.',
	examples: ['raid health || notify-send "raid needs you"'],
	async run(_, __, {openBackend}) {
		const raid = (await openBackend()).read(everySpawn);
		const {running, pending} = raid.totals;
		return {
			document: {alerts: raid.alerts.map(alertDocument)},
			rows:
				raid.alerts.length === 0
					? [textRow(`All is well: ${running} live, ${pending} queued.`)]
					: alertTable(raid),
			code: needsPerson(raid.alerts).length > 0 ? exitCodes.notFine : exitCodes.fine,
		};
	},
});
