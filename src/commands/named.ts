import {NotFoundError, UsageError} from '../errors.ts';
import type {SpawnId} from '../model/spawn.ts';
import {findSpawnIds} from '../store/spawns.ts';
import type {World} from '../world.ts';

/** The spawn that a prefix or suffix of its id names. Throws a NotFoundError when none fits, or several do. */
export function requireSpawn({store}: World, name: string): SpawnId {
	const part = name.replace(/^#/, '').toLowerCase();
	if (part === '')
		throw new UsageError('A spawn is named by a prefix or suffix of its id.', 'List them: raid spawns');
	const [first, ...others] = findSpawnIds(store, part);
	if (first === undefined) throw new NotFoundError(`No spawn is called "${name}".`, 'List them: raid spawns');
	if (others.length > 0) {
		throw new NotFoundError(
			`"${name}" fits ${others.length + 1} spawns: ${[first, ...others].slice(0, 4).join(', ')}${others.length > 3 ? ' …' : ''}.`,
			'Name more of the id.',
		);
	}
	return first;
}
