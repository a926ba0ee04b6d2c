import type {Backend} from '../backend/backend.ts';
import {command} from '../cli/command.ts';
import {chooseSpawn} from '../cli/references.ts';
import {textRow} from '../cli/rows.ts';
import {spawnDocument} from '../documents/spawn.ts';
import {usedDocument} from '../documents/usage.ts';
import {NotFoundError} from '../errors.ts';
import {chainOf, descendantsOf} from '../model/chain.ts';
import {everySpawn} from '../model/query.ts';
import type {Raid, SpawnState} from '../model/raid.ts';
import {totalOf} from '../model/usage.ts';
import {type Row, span} from '../text/row.ts';
import {standardTheme} from '../text/theme.ts';
import {formatUsed} from '../text/usage.ts';
import {chainRows} from '../view/chain.ts';

export const chain = command({
	name: 'chain',
	group: 'watch',
	summary: 'Draw the spawn chain, whole or below one spawn or agent.',
	arguments: [
		{
			name: 'root',
			label: 'SPAWN|AGENT',
			type: 'spawn',
			isOptional: true,
			help: 'a spawn, by any unique prefix or suffix of its id, or an agent',
		},
	],
	examples: ['raid chain', 'raid chain 3f2a', 'raid chain hailot'],
	async run({root}, _, {openBackend, terminal}) {
		const backend = await openBackend();
		const raid = backend.read(everySpawn);
		const chosen = root === undefined ? raid.spawns : chosenSpawns(root, raid, backend);
		const total = totalOf(chosen);
		return {
			document: {spawns: chosen.map(spawnDocument), total: usedDocument(total)},
			rows:
				chosen.length === 0
					? [textRow('No spawns yet.')]
					: [
							...chainRows(chainOf(chosen), {at: raid.at, width: terminal.width}, standardTheme),
							...footerRows(formatUsed(total)),
						],
		};
	},
});

/** The spawn, or the agent's spawns, with all that they led to. */
function chosenSpawns(name: string, raid: Raid, backend: Backend): readonly SpawnState[] {
	if (!raid.agents.some(({identity}) => identity === name)) {
		return descendantsOf(raid.spawns, chooseSpawn(backend, name));
	}
	const ids = raid.spawns.filter(spawn => spawn.agent === name).map(spawn => spawn.id);
	if (ids.length === 0) throw new NotFoundError(`${name} has no spawns yet.`, 'Mention it: raid send');
	const led = new Set(ids.flatMap(id => descendantsOf(raid.spawns, id).map(spawn => spawn.id)));
	return raid.spawns.filter(spawn => led.has(spawn.id));
}

function footerRows(used: string): readonly Row[] {
	return used === '' ? [] : [[span(`tokens in/out of all: ${used}`, 'dim')]];
}
