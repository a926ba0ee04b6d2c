import type {StrayReport} from '../model/action.ts';
import {isElsewhere} from '../model/place.ts';
import {isLive} from '../model/spawn.ts';
import {spawnMarker} from '../process/markers.ts';
import {findMarked} from '../process/table.ts';
import {findSpawn} from '../store/spawns.ts';
import {limitsOf, type Workspace} from '../workspace/open.ts';
import {killProcesses} from './kill.ts';

/** Ends the living processes of spawns that have ended. Processes of other workspaces are left alone. */
export async function endStrays(workspace: Workspace): Promise<readonly StrayReport[]> {
	const reports: StrayReport[] = [];
	for (const id of findMarked(spawnMarker).keys()) {
		const spawn = findSpawn(workspace.store, id);
		if (spawn === null || isLive(spawn) || isElsewhere(spawn, workspace)) continue;
		reports.push({
			id,
			agent: spawn.agent,
			...(await killProcesses(spawn, limitsOf(workspace).gracefulMs)),
		});
	}
	return reports;
}
