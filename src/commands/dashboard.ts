import {command} from '../cli/command.ts';
import {raidDocument} from '../documents/raid.ts';
import {exitCodes} from '../errors.ts';
import {needsPerson} from '../model/alert.ts';
import {presentQuery} from '../model/query.ts';
import {standardTheme} from '../text/theme.ts';
import {snapshotRows} from '../view/snapshot.ts';

export const dashboard = command({
	name: '',
	group: 'watch',
	summary: 'Watch and steer the raid. Without a terminal, or with --once, print it as it is now.',
	flags: {
		once: {type: 'boolean', help: 'print the raid as it is now, and exit'},
		all: {type: 'boolean', help: 'with --once: every spawn, not only the live and the latest chains'},
		check: {type: 'boolean', help: 'with --once: exit 1 when an alert is critical or a warning'},
	},
	examples: ['raid', 'raid --once --all', 'raid --once --check --json'],
	isInteractive: true,
	async run(_, {once = false, all = false, check = false}, context) {
		const {flags, terminal} = context;
		const isShown = context.hasScreen && !(once || all || check);
		// The dashboard mends as well, and does not wait for it.
		const backend = await context.openBackend({mends: !isShown});
		if (isShown) {
			const {showDashboard} = await import('../cli/show-dashboard.ts');
			return {shown: await showDashboard(backend, context, context.reopenBackend)};
		}
		const channel = flags.channel ?? null;
		const raid = backend.read({...presentQuery, channel, ...(all ? {spawns: 'all' as const} : {})});
		return {
			document: raidDocument(raid),
			rows: snapshotRows(raid, {width: terminal.width, isWhole: all}, standardTheme),
			code: check && needsPerson(raid.alerts).length > 0 ? exitCodes.notFine : exitCodes.fine,
		};
	},
});
