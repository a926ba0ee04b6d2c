import {command} from '../cli/command.ts';
import {printJson, printTable, requireArguments} from '../cli/print.ts';
import {spawnDocument} from '../documents/documents.ts';
import {everySpawn} from '../model/query.ts';
import {shortIds} from '../model/spawn.ts';
import {formatDuration} from '../model/time.ts';
import {standardTheme} from '../text/theme.ts';
import {formatUsed} from '../text/usage.ts';

export const spawns = command({
	name: 'spawns',
	summary: 'List every spawn, oldest first.',
	usage: 'raid spawns',
	async run(input, _, context) {
		requireArguments(input, [], spawns.usage);
		const raid = (await context.openBackend()).read(everySpawn);
		if (context.flags.json) {
			printJson({version: 1, spawns: raid.spawns.map(spawnDocument)}, context);
			return;
		}
		const names = shortIds(raid.spawns.map(spawn => spawn.id));
		printTable(
			['SPAWN', 'AGENT', 'CHANNEL', 'STATE', 'PID', 'DURATION', 'TOKENS', 'PARENT', 'REASON'],
			raid.spawns.map(spawn => [
				names.get(spawn.id) ?? '',
				spawn.agent,
				spawn.channel,
				standardTheme.states[spawn.state].word,
				spawn.process === null ? '-' : String(spawn.process.pid),
				formatDuration(spawn.durationMs),
				formatUsed(spawn) || '-',
				spawn.parentId === null ? '-' : (names.get(spawn.parentId) ?? spawn.parentId),
				spawn.reason ?? '',
			]),
			context,
		);
	},
});
