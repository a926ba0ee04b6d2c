import {dirname} from 'node:path';
import {namesIn, removeAll, sizeOf} from '../files/remove.ts';
import type {Action, Pruned} from '../model/action.ts';
import {isLive, type SpawnId} from '../model/spawn.ts';
import {listSpawns} from '../store/spawns.ts';
import type {Workspace} from '../workspace/open.ts';
import {answerFolder, outboxFolder, spawnFolder} from '../workspace/paths.ts';

/**
 * Removes what ended spawns have left in `.raid/` beside their records: logs, prompts, and what is in their outboxes.
 * Events and messages stay; a folder of which no record knows stays as well.
 */
export function prune(
	{store, home}: Workspace,
	{endedBefore, isDryRun}: Omit<Action & {type: 'prune'}, 'type'>,
): Pruned {
	const foldersOf = (id: SpawnId) => [spawnFolder(home, id), outboxFolder(home, id), answerFolder(home, id)];
	const present = new Set(foldersOf('').flatMap(folder => namesIn(dirname(folder))));
	const old = listSpawns(store).filter(
		spawn => present.has(spawn.id) && !isLive(spawn) && (spawn.endedAt ?? endedBefore) < endedBefore,
	);
	let bytes = 0;
	for (const {id} of old) {
		for (const folder of foldersOf(id)) {
			bytes += sizeOf(folder);
			if (!isDryRun) removeAll(folder);
		}
	}
	return {spawns: old.map(({id}) => id), bytes};
}
