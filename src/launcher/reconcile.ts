import type {HoldReason} from '../model/mention.ts';
import {type Recovery, recoveryOf} from '../model/recovery.ts';
import {isLive, type Spawn, type SpawnId} from '../model/spawn.ts';
import {findMarked, isAlive} from '../process/table.ts';
import {holdSpawn, listStartable, releaseSpawn} from '../store/claims.ts';
import {addEvent} from '../store/events.ts';
import {writing} from '../store/open.ts';
import {findSpawn, listLiveSpawns} from '../store/spawns.ts';
import {startConditions, type World} from '../world.ts';
import {spawnMarker} from './environment.ts';
import {finishSpawn} from './finish.ts';
import {endingOfOrphan} from './orphan.ts';
import {reportOnce} from './report.ts';
import {startSupervisors, startWaiting} from './start.ts';

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
	const suspects = suspectsOf(world);
	if (suspects.length === 0) return [];
	const marked = new Set(findMarked(spawnMarker).keys());
	const mended: Mended[] = [];
	for (const {id, agent} of suspects) {
		try {
			const recovery = mend(world, id, marked);
			if (recovery !== 'none') mended.push({id, agent, recovery});
		} catch (error) {
			// One that cannot be mended must not keep the others, and every command, from going on.
			reportOnce(error);
		}
	}
	const unsupervised = mended
		.filter(({recovery}) => recovery === 'start' || recovery === 'release' || recovery === 'adopt')
		.map(({id}) => id);
	await startSupervisors(world, unsupervised);
	if (mended.some(({recovery}) => recovery === 'orphan')) await startWaiting(world);
	return mended;
}

/** The live spawns that may be in need of mending; cheap, for every command asks. */
function suspectsOf(world: World): readonly Spawn[] {
	const {store} = world;
	const startable = new Set(listStartable(store, startConditions(world)));
	return listLiveSpawns(store).filter(spawn => {
		if (spawn.status === 'running') return !isAlive(spawn.supervisor);
		return startable.has(spawn.id) || (spawn.boot !== world.boot && spawn.hold === null);
	});
}

/** Decides and records in one transaction, so that two that reconcile at once do not both act. */
function mend(world: World, id: SpawnId, marked: ReadonlySet<SpawnId>): Recovery {
	const {store} = world;
	return writing(store, () => {
		const spawn = findSpawn(store, id);
		if (spawn === null || !isLive(spawn)) return 'none';
		const facts = {
			isAlive: isAlive(spawn.process) || marked.has(id),
			isSupervised: isAlive(spawn.supervisor),
			mayStart: listStartable(store, startConditions(world)).includes(id),
			isOfEarlierBoot: spawn.boot !== world.boot,
		};
		const recovery = recoveryOf(spawn, facts, world.now());
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
