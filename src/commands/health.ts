import {command} from '../cli/command.ts';
import {printJson, printTable, requireArguments} from '../cli/print.ts';
import {alertDocument} from '../documents/documents.ts';
import {exitCodes} from '../errors.ts';
import {everySpawn} from '../model/query.ts';
import {formatDuration} from '../model/time.ts';
import {describeHelp} from '../view/alerts.ts';

export const health = command({
	name: 'health',
	summary: 'Name every stall, orphan, stray and overdue spawn; exit 1 when there is one.',
	usage: 'raid health',
	async run(input, _, context) {
		requireArguments(input, [], health.usage);
		const raid = (await context.openBackend()).read(everySpawn);
		const code = raid.alerts.length === 0 ? exitCodes.fine : exitCodes.notFine;
		if (context.flags.json) {
			printJson({version: 1, alerts: raid.alerts.map(alertDocument)}, context);
			return code;
		}
		if (raid.alerts.length === 0)
			context.terminal.print(`All is well: ${raid.totals.running} live, ${raid.totals.pending} queued.\n`);
		else {
			const names = new Map(raid.spawns.map(spawn => [spawn.id, spawn.shortId]));
			printTable(
				['SEVERITY', 'SPAWN', 'SINCE', 'WHAT', 'WHAT HELPS'],
				raid.alerts.map(alert => [
					alert.severity,
					names.get(alert.spawn ?? '') ?? '-',
					`${formatDuration(raid.at - alert.since)} ago`,
					alert.text,
					describeHelp(alert, raid),
				]),
				context,
			);
		}
		return code;
	},
});
