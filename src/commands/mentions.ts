import {command} from '../cli/command.ts';
import {printJson, printTable, requireArguments} from '../cli/print.ts';
import {mentionName} from '../cli/references.ts';
import {mentionDocument, time} from '../documents/documents.ts';
import {shortId} from '../model/spawn.ts';
import {formatDuration} from '../model/time.ts';

export const mentions = command({
	name: 'mentions',
	summary: 'Tell for every mention what became of it, and why.',
	usage: 'raid mentions [--held]',
	flags: {held: {type: 'boolean', help: 'only those that wait for you: release or drop them'}},
	async run(input, {held = false}, context) {
		requireArguments(input, [], mentions.usage);
		const ledger = (await context.openBackend()).readLedger(held);
		const now = Date.now();
		if (context.flags.json) {
			const documents = ledger.map(entry => ({
				message: entry.messageId,
				channel: entry.channel,
				from: entry.from,
				...mentionDocument(entry),
				decidedAt: time(entry.decidedAt),
			}));
			printJson({version: 1, mentions: documents}, context);
			return;
		}
		if (ledger.length === 0) {
			context.terminal.print(held ? 'Nothing is held.\n' : 'Nobody was mentioned yet.\n');
			return;
		}
		printTable(
			['MENTION', 'CHANNEL', 'FROM', 'OUTCOME', 'WHY', 'SPAWN', 'DECIDED'],
			ledger.map(entry => [
				mentionName(entry),
				entry.channel,
				entry.from,
				entry.outcome,
				entry.reason ?? '',
				entry.spawnId === null ? '-' : shortId(entry.spawnId),
				`${formatDuration(now - entry.decidedAt)} ago`,
			]),
			context,
		);
	},
});
