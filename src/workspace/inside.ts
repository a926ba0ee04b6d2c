import {realpathSync} from 'node:fs';
import {UsageError} from '../errors.ts';
import type {SpawnId} from '../model/spawn.ts';
import {homeMarker, spawnMarker} from '../process/markers.ts';
import {isSupervisor} from '../process/supervisors.ts';
import {ancestry, readEnvironment} from '../process/table.ts';

/** The spawn that this process runs in. */
export interface Inside {
	readonly spawnId: SpawnId;
	/** Why nobody speaks or acts from here, although it is inside a spawn; null when its agent may. */
	readonly objection: string | null;
}

/**
 * The spawn that this process runs in; null for an operator's. The processes that it descends from decide, up to the
 * supervisor, whatever its own environment says: so an agent does not become an operator, or another agent, by
 * mistake. Where they show nothing, its environment counts.
 */
export function insideOf(home: string, env: NodeJS.ProcessEnv): Inside | null {
	const named = env[spawnMarker];
	const surrounding = surroundingSpawn(realPath(home));
	if (surrounding !== null) {
		const isOther = named !== undefined && named !== surrounding;
		const objection = `${spawnMarker} names another spawn than the one that this command runs in.`;
		return {spawnId: surrounding, objection: isOther ? objection : null};
	}
	if (named === undefined) return null;
	const other = env.RAID_HOME;
	const isForeign = other !== undefined && other !== '' && realPath(other) !== realPath(home);
	const objection = `This command runs inside a spawn of another workspace, ${other}.`;
	return {spawnId: named, objection: isForeign ? objection : null};
}

/** Throws a UsageError when nobody speaks or acts from inside this spawn. */
export function requireVoice({objection}: Inside): void {
	if (objection !== null) throw new UsageError(objection, 'Nothing was changed or posted.');
}

/** The outermost spawn of this workspace among the processes from this one up to a supervisor; null when there is none. */
function surroundingSpawn(home: string): SpawnId | null {
	let found: SpawnId | null = null;
	for (const entry of ancestry(process.pid)) {
		if (isSupervisor(entry)) break;
		if (readEnvironment(entry.pid, homeMarker) !== home) continue;
		found = readEnvironment(entry.pid, spawnMarker) ?? found;
	}
	return found;
}

function realPath(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return path;
	}
}
