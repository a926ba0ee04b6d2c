import type {StrayReport} from '../../model/action.ts';
import {isElsewhere} from '../../model/place.ts';
import {isLive} from '../../model/spawn.ts';
import {spawnMarker} from '../../process/markers.ts';
import {findMarked, indexProcesses, listProcesses} from '../../process/table.ts';
import {findSpawn, listEndedSpawns} from '../../store/spawns.ts';
import type {Workspace} from '../../workspace/open.ts';
import {endHome} from './end-home.ts';
import {killProcesses, leftBehind, processesOf} from './kill.ts';
import {gracefulOf} from './stopped.ts';

/**
 * Ends the living processes of spawns that have ended, and of spawns of this workspace that its store does not know.
 * Processes of other workspaces are left alone.
 */
export async function endStrays(workspace: Workspace): Promise<readonly StrayReport[]> {
	const {store, home} = workspace;
	const gracefulMs = gracefulOf(workspace);
	const reports: StrayReport[] = [];
	for (const id of strayIds(workspace)) {
		const spawn = findSpawn(store, id);
		if (spawn === null || isLive(spawn) || isElsewhere(spawn, workspace)) continue;
		if (processesOf(spawn).length === 0) continue;
		reports.push({id, agent: spawn.agent, ...(await killProcesses(spawn, gracefulMs))});
	}
	const isSpared = (id: string) => findSpawn(store, id) !== null;
	const strangers = await endHome(home, {gracefulMs, endsSupervisors: false, quietMs: 0, isSpared});
	return [
		...reports,
		...strangers.map(({id, agent, signalled, survivors}) => ({id, agent, signalled, survivors})),
	];
}

/** The spawns that living processes carry in their environment, and those that left something behind without it. */
function strayIds({store}: Workspace): readonly string[] {
	const processes = indexProcesses(listProcesses());
	const left = listEndedSpawns(store, [...processes.byGroup.keys()]).filter(
		spawn => leftBehind(spawn, processes).length > 0,
	);
	return [...new Set([...findMarked(spawnMarker).keys(), ...left.map(({id}) => id)])];
}
