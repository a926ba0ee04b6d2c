import type {Raid} from '../model/raid.ts';
import {type SpawnId, shortId} from '../model/spawn.ts';
import {sanitiseLine} from '../text/sanitise.ts';

/** The name of a spawn for people, made from its id: `#1a2b`. */
export type SpawnNames = (id: SpawnId) => string;

/** Names each spawn as the whole screen does. A spawn that the raid does not contain is named by the end of its id. */
export function spawnNamesIn({spawns}: Pick<Raid, 'spawns'>): SpawnNames {
	const names = new Map(spawns.map(spawn => [spawn.id, spawn.shortId]));
	return id => hashed(names.get(id) ?? shortId(id));
}

/** Names a spawn of which only the id is known. */
export function nameOfId(id: SpawnId): string {
	return hashed(shortId(id));
}

/** An agent's spawn for people: `hailot #1a2b`. */
export function spawnName({
	agent,
	shortId: name,
}: {
	readonly agent: string;
	readonly shortId: string;
}): string {
	return `${sanitiseLine(agent)} ${hashed(name)}`;
}

// A space-os may hold any text as an id.
function hashed(name: string): string {
	return `#${sanitiseLine(name)}`;
}
