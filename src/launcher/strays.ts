import {isLive, type SpawnId} from '../model/spawn.ts';
import {findMarked} from '../process/table.ts';
import {findSpawn} from '../store/spawns.ts';
import type {World} from '../world.ts';
import {spawnMarker} from './environment.ts';
import {type KillReport, killProcesses} from './kill.ts';

/** What became of the strays of one ended spawn. */
export interface StrayReport extends KillReport {
	readonly id: SpawnId;
	readonly agent: string;
}

/** Ends the living processes of spawns that have ended. Processes of other workspaces are left alone. */
export async function endStrays(world: World): Promise<readonly StrayReport[]> {
	const reports: StrayReport[] = [];
	for (const id of findMarked(spawnMarker).keys()) {
		const spawn = findSpawn(world.store, id);
		if (spawn === null || isLive(spawn)) continue;
		reports.push({id, agent: spawn.agent, ...(await killProcesses(spawn, world.config.limits.gracefulMs))});
	}
	return reports;
}
