import {command} from '../cli/command.ts';
import {mentionName} from '../cli/references.ts';
import {tableRows, textRow} from '../cli/rows.ts';
import {ledgerEntryDocument} from '../documents/mention.ts';
import type {ListedMention} from '../model/mention.ts';
import {presentQuery} from '../model/query.ts';
import {shortId} from '../model/spawn.ts';
import {formatDuration, type Instant} from '../model/time.ts';

export const mentions = command({
	name: 'mentions',
	group: 'talk',
	summary: 'List mentions with outcome and reason.',
	flags: {held: {type: 'boolean', help: 'only those that wait for you to release or drop them'}},
	examples: ['raid mentions', 'raid mentions --held'],
	async run(_, {held = false}, {openBackend}) {
		const backend = await openBackend();
		const ledger = backend.readLedger(held);
		const {at: now} = backend.read(presentQuery);
		const none = textRow(held ? 'Nothing is held.' : 'No mentions yet.');
		return {
			document: {mentions: ledger.map(ledgerEntryDocument)},
			rows:
				ledger.length === 0
					? [none]
					: tableRows(
							['MENTION', 'CHANNEL', 'FROM', 'OUTCOME', 'WHY', 'SPAWN', 'DECIDED'],
							ledger.map(entry => [
								mentionName(entry),
								entry.channel,
								entry.from,
								entry.outcome,
								whyOf(entry, now),
								entry.spawnId === null ? '-' : shortId(entry.spawnId),
								`${formatDuration(now - entry.decidedAt)} ago`,
							]),
						),
		};
	},
});

function whyOf({reason, startsAt}: ListedMention, now: Instant): string {
	if (startsAt === null) return reason ?? '';
	return startsAt <= now ? `${reason}, starts now` : `${reason}, starts in ${formatDuration(startsAt - now)}`;
}
