import {exitCodes} from '../errors.ts';
import type {Raid} from '../model/raid.ts';
import {readRaid, type Source} from '../source.ts';
import {snapshotRows} from '../view/dashboard.ts';
import {raidDocument} from '../view/document.ts';
import {type Context, command} from './command.ts';
import {printJson, printRows, requireArguments} from './output.ts';

export const dashboard = command({
	name: 'dashboard',
	summary: 'Watch and steer the raid; without a terminal, or with --once, print it as it is now.',
	usage: 'raid [--once] [--all] [--check] [--channel NAME]',
	flags: {
		once: {type: 'boolean', help: 'print the raid as it is now, and end'},
		all: {type: 'boolean', help: 'with --once: every spawn, not only the live and the latest chains'},
		check: {type: 'boolean', help: 'with --once: exit 1 when something is not well'},
	},
	async run(input, {once = false, all = false, check = false}, context) {
		requireArguments(input, [], dashboard.usage);
		const source = await context.openSource();
		const isWatched = context.terminal.isInteractive && !once && context.flags.json !== true;
		if (isWatched && !all && !check) {
			const {showDashboard} = await import('./screen.ts');
			return showDashboard(source, context);
		}
		const raid = printSnapshot(source, context, all);
		return check && raid.alerts.length > 0 ? exitCodes.notFine : exitCodes.fine;
	},
});

/** Prints the raid as it is now, as text or as the version-1 document. Without Ink or React. */
export function printSnapshot(source: Source, context: Context, isWhole: boolean): Raid {
	const raid = readRaid(source, {channel: context.flags.channel, isWhole});
	if (context.flags.json) printJson(raidDocument(raid), context);
	else printRows(snapshotRows(raid, context.terminal.width, isWhole), context);
	return raid;
}
