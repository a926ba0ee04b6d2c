import {leftBehind} from '../launcher/stop/kill.ts';
import {isLive, type ProcessIdentity, type Spawn, type SpawnId} from '../model/spawn.ts';
import {type Instant, type Milliseconds, second} from '../model/time.ts';
import {indexProcesses, isAlive, type ProcessIndex} from '../process/table.ts';

/** The living processes that carried a spawn's marker, by spawn, when somebody looked. */
export interface Scan {
	/** When the look began. */
	readonly at: Instant;
	readonly marked: ReadonlyMap<SpawnId, readonly ProcessIdentity[]>;
	/** All living processes; none where only markers are looked at. */
	readonly processes?: ProcessIndex;
}

const noProcesses = indexProcesses([]);

/** How often a reader looks through the environment of every process: too slow for each reading. */
export const scanEveryMs: Milliseconds = 5 * second;

// The processes of a spawn may outlive its recorded end by a moment.
const settledAfterMs: Milliseconds = 2 * second;

/**
 * The PIDs of an ended spawn that live on: seen some time after its end, and alive now. A process that was seen before
 * that may have been about to end.
 */
export function straysOf(spawn: Spawn, {at, marked, processes = noProcesses}: Scan): readonly number[] {
	const {status, id, endedAt, attemptEndedAt, createdAt} = spawn;
	if (isLive({status})) return [];
	const found = new Map(
		[...(marked.get(id) ?? []), ...leftBehind(spawn, processes)].map(one => [one.pid, one]),
	);
	if (found.size === 0) return [];
	const end = endedAt ?? attemptEndedAt ?? createdAt;
	return at - end > settledAfterMs ? [...found.values()].filter(isAlive).map(({pid}) => pid) : [];
}
