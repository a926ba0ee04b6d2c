import type {HoldReason} from '../model/mention.ts';
import {type Recovery, recoveryOf} from '../model/recovery.ts';
import type {Spawn, SpawnId} from '../model/spawn.ts';
import {findMarked, isAlive} from '../process/table.ts';
import {addEvent} from '../store/events.ts';
import {writing} from '../store/open.ts';
import {findSpawn, holdSpawn, listLiveSpawns, listStartable, releaseSpawn} from '../store/spawns.ts';
import type {World} from '../world.ts';
import {spawnMarker} from './environment.ts';
import {finishSpawn} from './finish.ts';
import {endingOfOrphan} from './orphan.ts';
import {startConditions, startSupervisors, startWaiting} from './start.ts';

/** One spawn that was mended. */
export interface Mended {
	readonly id: SpawnId;
	readonly agent: string;
	readonly recovery: Exclude<Recovery, 'none'>;
}

/**
 * Brings the records in line with the process table: ends orphans, gives back claims of the dead, starts supervisors
 * where one is missing. Inside a spawn it does nothing: a sandbox may hide the processes of all others.
 */
export async function reconcile(world: World): Promise<readonly Mended[]> {
	if (world.env[spawnMarker] !== undefined) return [];
	const mended: Mended[] = [];
	for (const spawn of listLiveSpawns(world.store).filter(spawn => needsLook(spawn))) {
		const recovery = mend(world, spawn.id);
		if (recovery !== 'none') mended.push({id: spawn.id, agent: spawn.agent, recovery});
	}
	const unsupervised = mended
		.filter(({recovery}) => recovery === 'start' || recovery === 'release' || recovery === 'adopt')
		.map(({id}) => id);
	await startSupervisors(world, unsupervised);
	if (mended.some(({recovery}) => recovery === 'orphan')) await startWaiting(world);
	return mended;
}

function needsLook(spawn: Spawn): boolean {
	return spawn.status === 'pending' || !isAlive(spawn.supervisor);
}

/** Decides and records in one transaction, so that two that reconcile at once do not both act. */
function mend(world: World, id: SpawnId): Recovery {
	const {store} = world;
	return writing(store, () => {
		const spawn = findSpawn(store, id);
		if (spawn === null || (spawn.status !== 'pending' && spawn.status !== 'running')) return 'none';
		const recovery = recoveryOf(
			spawn,
			{
				isAlive: isAlive(spawn.process) || findMarked(spawnMarker).has(id),
				isSupervised: isAlive(spawn.supervisor),
				mayStart: listStartable(store, startConditions(world)).includes(id),
				isOfEarlierBoot: spawn.boot !== world.boot,
			},
			world.now(),
		);
		if (recovery === 'release') {
			releaseSpawn(store, id);
			addEvent(store, 'claim given back', id, null, world.now());
		}
		if (recovery === 'hold') {
			holdSpawn(store, id, 'reboot' satisfies HoldReason);
			addEvent(store, 'held after reboot', id, null, world.now());
		}
		if (recovery === 'orphan') finishSpawn(world, spawn, endingOfOrphan(world, spawn));
		return recovery;
	});
}
