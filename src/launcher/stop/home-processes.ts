import type {SpawnId} from '../../model/spawn.ts';
import {homeMarker, spawnMarker, supervisorMarker} from '../../process/markers.ts';
import {isSupervisor} from '../../process/supervisors.ts';
import {findWith, listProcesses, type ProcessEntry, processesBelow} from '../../process/table.ts';

/** A living process of a spawn, as its environment says. */
export interface HomeProcess {
	readonly spawn: SpawnId;
	/** Identity of the agent. */
	readonly agent: string;
	readonly entry: ProcessEntry;
}

/** The living processes of a workspace. */
export interface HomeProcesses {
	/** Those of its spawns, with all below them and in their groups. */
	readonly agents: readonly HomeProcess[];
	readonly supervisors: readonly HomeProcess[];
}

const identityMarker = 'RAID_IDENTITY';

/** Finds the living processes of the workspace at `home` by their environment: it takes neither a store nor a folder. */
export function processesOfHome(home: string): HomeProcesses {
	const found = findWith(homeMarker, home, [spawnMarker, supervisorMarker, identityMarker]);
	const marked: HomeProcess[] = [];
	const supervisors: HomeProcess[] = [];
	for (const {entry, values} of found) {
		const [spawn, supervised, agent] = values;
		if (spawn != null) marked.push({spawn, agent: agent ?? 'agent', entry});
		else if (supervised != null && isSupervisor(entry)) {
			supervisors.push({spawn: supervised, agent: 'supervisor', entry});
		}
	}
	return {agents: withNear(marked), supervisors};
}

/** The marked processes, and those that emptied their environment below them or in a group that one of them leads. */
function withNear(marked: readonly HomeProcess[]): readonly HomeProcess[] {
	if (marked.length === 0) return [];
	const entries = listProcesses();
	const near = marked.flatMap(one => {
		const {pid} = one.entry;
		const below = processesBelow(pid, entries, isSupervisor);
		const group = entries.filter(({groupId}) => groupId === pid);
		return [...below, ...group].map(entry => ({...one, entry}));
	});
	// What a process says of itself goes before what its parents say.
	const all = new Map([...near, ...marked].map(one => [one.entry.pid, one]));
	all.delete(process.pid);
	return [...all.values()];
}

/** The agents' own processes among those of a workspace: they lead a group, and none of the others started them. */
export function leadersAmong(processes: readonly HomeProcess[]): readonly ProcessEntry[] {
	const pids = new Set(processes.map(({entry}) => entry.pid));
	return processes
		.map(({entry}) => entry)
		.filter(({pid, groupId, parentPid}) => pid === groupId && !pids.has(parentPid));
}
