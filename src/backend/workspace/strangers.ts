import type {Stranger} from '../../model/alerts/strangers.ts';
import {timeOfId} from '../../model/time.ts';
import {homeMarker} from '../../process/markers.ts';
import {isAlive, readEnvironment} from '../../process/table.ts';
import {findSpawn} from '../../store/spawns.ts';
import type {Workspace} from '../../workspace/open.ts';
import type {Scan} from '../strays.ts';

/** The spawns that living processes of this workspace name, and that its store does not know. */
export function strangersOf({store, home}: Workspace, {marked}: Scan): readonly Stranger[] {
	return [...marked].flatMap(([spawn, processes]) => {
		if (findSpawn(store, spawn) !== null) return [];
		const own = processes.filter(one => isAlive(one) && readEnvironment(one.pid, homeMarker) === home);
		return own.length === 0 ? [] : [{spawn, pids: own.map(({pid}) => pid), since: timeOfId(spawn) ?? 0}];
	});
}
