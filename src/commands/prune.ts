import * as v from 'valibot';
import {command} from '../cli/command.ts';
import {textRow} from '../cli/rows.ts';
import {prunedDocument} from '../documents/control.ts';
import {UsageError} from '../errors.ts';
import type {Pruned} from '../model/action.ts';
import {formatBytes} from '../model/bytes.ts';
import {presentQuery} from '../model/query.ts';
import {formatDuration, type Milliseconds, minute} from '../model/time.ts';
import {durationSchema} from '../validate.ts';

export const prune = command({
	name: 'prune',
	group: 'control',
	summary: 'Remove the logs of spawns that ended long ago; their records and messages stay.',
	flags: {
		olderThan: {
			type: 'string',
			value: 'D',
			help: 'that ended longer ago than this; default: keepLogs (30d)',
		},
		dryRun: {type: 'boolean', help: 'only say what would be removed'},
	},
	examples: ['raid prune --dry-run', 'raid prune --older-than 7d'],
	inSpaceOs: "Its logs are the session files of the CLIs, which are not raid's to remove.",
	async run(_, {olderThan: age, dryRun: isDryRun = false}, {openToChange}) {
		const olderThanMs = age === undefined ? null : readAge(age);
		const backend = await openToChange();
		const {at, limits} = backend.read(presentQuery);
		const keptMs = olderThanMs ?? limits.keepLogsMs;
		const pruned = await backend.perform({type: 'prune', endedBefore: at - keptMs, isDryRun});
		return {
			document: prunedDocument(pruned, isDryRun),
			rows: [textRow(describe(pruned, keptMs, isDryRun))],
		};
	},
});

const day: Milliseconds = 24 * 60 * minute;

function readAge(text: string): Milliseconds {
	const read = v.safeParse(durationSchema, text);
	if (read.success) return read.output;
	throw new UsageError(`--older-than ${read.issues[0].message}, not "${text}".`);
}

function describe({spawns, bytes}: Pruned, keptMs: Milliseconds, isDryRun: boolean): string {
	const age = keptMs < 2 * day ? formatDuration(keptMs) : `${Math.floor(keptMs / day)} days`;
	if (spawns.length === 0)
		return `Nothing to remove: there is no log of a spawn that ended more than ${age} ago.`;
	const logs = spawns.length === 1 ? 'the log of 1 spawn' : `the logs of ${spawns.length} spawns`;
	return isDryRun
		? `Would remove ${logs} and free ${formatBytes(bytes)}.`
		: `Removed ${logs} and freed ${formatBytes(bytes)}.`;
}
