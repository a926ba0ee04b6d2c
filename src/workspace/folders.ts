import {UsageError} from '../errors.ts';
import {makeFolder} from '../files/make.ts';
import {isSpawnId, type SpawnId} from '../model/spawn.ts';
import {spawnFolder} from './paths.ts';

/** Makes the folder of a spawn; its path. Throws a UsageError for an id that is not one of ours, or when a link has its name. */
export function makeSpawnFolder(home: string, id: SpawnId): string {
	if (!isSpawnId(id)) throw new UsageError(`"${id.slice(0, 60)}" is not the id of a spawn.`);
	const folder = spawnFolder(home, id);
	makeFolder(folder);
	return folder;
}
