import {standstillOf, waitOf} from '../../launcher/supervisor/heartbeat.ts';
import {lastOutputAt} from '../../logs/files.ts';
import {isElsewhere} from '../../model/place.ts';
import type {Records} from '../../model/raid.ts';
import type {Spawn, SpawnId} from '../../model/spawn.ts';
import {noFacts, type ProcessFacts, silenceOf} from '../../model/state.ts';
import {spawnMarker} from '../../process/markers.ts';
import {
	findMarked,
	indexProcesses,
	isAlive,
	listProcesses,
	type ProcessEntry,
	processesBelow,
} from '../../process/table.ts';
import {findProvider} from '../../providers/index.ts';
import type {Workspace} from '../../workspace/open.ts';
import {attemptFiles} from '../../workspace/paths.ts';
import {type Scan, straysOf} from '../strays.ts';

/** Looks through the environment of every process: too slow for each reading. */
export function scanProcesses({now}: Pick<Workspace, 'now'>): Scan {
	const at = now();
	return {at, marked: findMarked(spawnMarker), processes: indexProcesses(listProcesses())};
}

/** The operating system's facts about each spawn at present. */
export function readFacts(
	{home, now}: Pick<Workspace, 'home' | 'now'>,
	{spawns, limits, here, gaps}: Pick<Records, 'spawns' | 'limits' | 'here' | 'gaps'>,
	scan: Scan,
): ReadonlyMap<SpawnId, ProcessFacts> {
	// Only a silent spawn needs the list, and all that are silent share it.
	let processes: readonly ProcessEntry[] | null = null;
	const cpuOf = ({id, process}: Spawn) => {
		if (process === null) return null;
		processes ??= listProcesses();
		const below = processesBelow(process.pid, processes);
		// Tools run in sessions of their own, and may have lost their parent.
		const own = new Set([...below, ...(scan.marked.get(id) ?? [])].map(({pid}) => pid));
		const used = processes.filter(({pid, groupId}) => groupId === process.pid || own.has(pid));
		return used.reduce((sum, entry) => sum + entry.cpuMs, 0);
	};
	const at = now();
	return new Map(
		spawns.map((spawn): [SpawnId, ProcessFacts] => {
			// A PID means something in its own place alone.
			if (isElsewhere(spawn, here)) return [spawn.id, noFacts];
			if (spawn.status !== 'running') return [spawn.id, {...noFacts, strays: straysOf(spawn, scan)}];
			const facts = runningFacts(home, spawn);
			const isSilent = silenceOf(spawn, facts, at, gaps) >= limits.stallAfterMs;
			return [spawn.id, isSilent ? {...facts, cpuMs: cpuOf(spawn)} : facts];
		}),
	);
}

function runningFacts(home: string, spawn: Spawn): ProcessFacts {
	const hasAgent = isAlive(spawn.process);
	return {
		...noFacts,
		isAlive: hasAgent,
		isSupervised: isAlive(spawn.supervisor),
		standstill: standstillOf(home, spawn),
		waitsFor: hasAgent ? null : waitOf(home, spawn),
		lastOutputAt: spawn.attempt > 0 ? lastOutputAt(filesOf(home, spawn)) : null,
		keepsSession: findProvider(spawn.provider)?.keepsSession ?? false,
		hasOutput: true,
	};
}

/** The files whose growth is a sign of life. */
function filesOf(home: string, {id, attempt, sessionFile}: Spawn): readonly string[] {
	const {output, errors} = attemptFiles(home, id, attempt);
	return sessionFile === null ? [output, errors] : [output, errors, sessionFile];
}
