import {exitCodes} from '../errors.ts';
import {shortIds} from '../model/spawn.ts';
import {formatDuration} from '../model/time.ts';
import {readRaid} from '../source.ts';
import {time} from '../view/document.ts';
import {command} from './command.ts';
import {printJson, printTable, requireArguments} from './output.ts';

export const health = command({
	name: 'health',
	summary: 'Name every stall, orphan, stray and overdue spawn; exit 1 when there is one.',
	usage: 'raid health',
	async run(input, _, context) {
		requireArguments(input, [], health.usage);
		const raid = readRaid(await context.openSource(), {isWhole: true});
		const code = raid.alerts.length === 0 ? exitCodes.fine : exitCodes.notFine;
		if (context.flags.json) {
			printJson(
				{version: 1, alerts: raid.alerts.map(alert => ({...alert, since: time(alert.since)}))},
				context,
			);
			return code;
		}
		if (raid.alerts.length === 0)
			context.terminal.print(`All is well: ${raid.totals.running} live, ${raid.totals.pending} queued.\n`);
		else {
			const names = shortIds(raid.spawns.map(spawn => spawn.id));
			printTable(
				['SEVERITY', 'SPAWN', 'SINCE', 'WHAT', 'WHAT HELPS'],
				raid.alerts.map(({severity, spawn, since, text, help}) => [
					severity,
					names.get(spawn) ?? spawn,
					`${formatDuration(raid.at - since)} ago`,
					text,
					raid.spaceOs === null ? help.replace(spawn, names.get(spawn) ?? spawn) : help,
				]),
				context,
			);
		}
		return code;
	},
});
