import type {Backend} from '../backend/backend.ts';
import {type Context, command} from '../cli/command.ts';
import {printJson, printRows, requireArguments} from '../cli/print.ts';
import {raidDocument} from '../documents/documents.ts';
import {exitCodes} from '../errors.ts';
import {presentQuery} from '../model/query.ts';
import type {Raid} from '../model/raid.ts';
import {standardTheme} from '../text/theme.ts';
import {snapshotRows} from '../view/snapshot.ts';

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
		const backend = await context.openBackend();
		const isWatched = context.terminal.isInteractive && !once && context.flags.json !== true;
		if (isWatched && !all && !check) {
			const {showDashboard} = await import('../cli/show-dashboard.ts');
			return showDashboard(backend, context);
		}
		const raid = printSnapshot(backend, context, all);
		return check && raid.alerts.length > 0 ? exitCodes.notFine : exitCodes.fine;
	},
});

/** Prints the raid as it is now, as text or as the version-1 document. Without Ink or React. */
export function printSnapshot(backend: Backend, context: Context, isWhole: boolean): Raid {
	const raid = backend.read({
		...presentQuery,
		channel: context.flags.channel ?? null,
		...(isWhole ? {spawns: 'all'} : {}),
	});
	if (context.flags.json) printJson(raidDocument(raid), context);
	else printRows(snapshotRows(raid, {width: context.terminal.width, isWhole}, standardTheme), context);
	return raid;
}
