import {command} from '../cli/command.ts';
import {tableRows, textRow} from '../cli/rows.ts';
import {spawnDocument} from '../documents/spawn.ts';
import {everySpawn} from '../model/query.ts';
import {formatDuration} from '../model/time.ts';
import {standardTheme} from '../text/theme.ts';
import {formatUsed} from '../text/usage.ts';

export const spawns = command({
	name: 'spawns',
	group: 'watch',
	summary: 'List every spawn, oldest first.',
	examples: ['raid spawns --json'],
	async run(_, __, {openBackend}) {
		const {spawns: all} = (await openBackend()).read(everySpawn);
		const names = new Map(all.map(({id, shortId}) => [id, shortId]));
		return {
			document: {spawns: all.map(spawnDocument)},
			rows:
				all.length === 0
					? [textRow('No spawns yet.')]
					: tableRows(
							['SPAWN', 'AGENT', 'CHANNEL', 'STATE', 'PID', 'DURATION', 'TOKENS', 'PARENT', 'REASON'],
							all.map(spawn => [
								spawn.shortId,
								spawn.agent,
								spawn.channel,
								standardTheme.states[spawn.state].word,
								spawn.process === null ? '-' : String(spawn.process.pid),
								formatDuration(spawn.durationMs),
								formatUsed(spawn) || '-',
								spawn.parentId === null ? '-' : (names.get(spawn.parentId) ?? spawn.parentId),
								spawn.reason ?? '',
							]),
						),
		};
	},
});
