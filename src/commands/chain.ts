import type {Backend} from '../backend/backend.ts';
import {command} from '../cli/command.ts';
import {printJson, printRows, requireArguments} from '../cli/print.ts';
import {chooseSpawn} from '../cli/references.ts';
import {spawnDocument, usedDocument} from '../documents/documents.ts';
import {NotFoundError} from '../errors.ts';
import {chainOf, descendantsOf} from '../model/chain.ts';
import {everySpawn} from '../model/query.ts';
import type {Raid, SpawnState} from '../model/raid.ts';
import {totalOf} from '../model/usage.ts';
import {span} from '../text/row.ts';
import {standardTheme} from '../text/theme.ts';
import {formatUsed} from '../text/usage.ts';
import {chainRows} from '../view/chain.ts';

export const chain = command({
	name: 'chain',
	summary: 'Draw the spawn chain: of all, of one spawn, or of an agent.',
	usage: 'raid chain [SPAWN|AGENT]',
	async run(input, _, context) {
		const name = input.length === 0 ? undefined : requireArguments(input, ['SPAWN'], chain.usage).SPAWN;
		const backend = await context.openBackend();
		const raid = backend.read(everySpawn);
		const chosen = name === undefined ? raid.spawns : chosenSpawns(name, raid, backend);
		const total = totalOf(chosen);
		if (context.flags.json) {
			printJson({version: 1, spawns: chosen.map(spawnDocument), total: usedDocument(total)}, context);
		} else if (chosen.length === 0) context.terminal.print('No spawns yet.\n');
		else {
			const used = formatUsed(total);
			const footer = used === '' ? [] : [[span(`tokens in/out of all: ${used}`, 'dim')]];
			const drawn = chainRows(chainOf(chosen), {at: raid.at, width: context.terminal.width}, standardTheme);
			printRows([...drawn, ...footer], context);
		}
	},
});

/** The spawn, or the agent's spawns, with all that they led to. */
function chosenSpawns(name: string, raid: Raid, backend: Backend): readonly SpawnState[] {
	if (!raid.agents.some(({identity}) => identity === name)) {
		return descendantsOf(raid.spawns, chooseSpawn(backend, name));
	}
	const ids = raid.spawns.filter(spawn => spawn.agent === name).map(spawn => spawn.id);
	if (ids.length === 0) throw new NotFoundError(`${name} has had no spawn.`, 'Mention it: raid send');
	const led = new Set(ids.flatMap(id => descendantsOf(raid.spawns, id).map(spawn => spawn.id)));
	return raid.spawns.filter(spawn => led.has(spawn.id));
}
