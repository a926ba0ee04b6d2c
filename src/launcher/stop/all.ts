import {describeError} from '../../errors.ts';
import type {Results, StopReport} from '../../model/action.ts';
import type {SpawnId} from '../../model/spawn.ts';
import {type Instant, type Milliseconds, second} from '../../model/time.ts';
import {isAlive} from '../../process/table.ts';
import {setStopTime, stopPath} from '../../workspace/stop-file.ts';
import {askHome, endHome, reportsOf} from './end-home.ts';

/** The part of a stop that was recorded. */
export interface RecordedStop {
	readonly reports: readonly StopReport[];
	/** True for a spawn that somebody asked for after the stop. */
	readonly isSpared: (spawn: SpawnId) => boolean;
	/** Why not all of it could be recorded; null when all was. */
	readonly problem: string | null;
}

/** Everything of a workspace that is to end. */
export interface StopOfAll {
	readonly home: string;
	readonly at: Instant;
	/** The time between TERM and KILL. */
	readonly gracefulMs: Milliseconds;
	/** Records that all was stopped, waits for the supervisors that are told by it, and ends what they leave. */
	readonly record: () => Promise<RecordedStop>;
}

const quietMs: Milliseconds = 2 * second;

/**
 * Ends all that runs in a workspace, in any state of its store, its disk and its configuration. The agents are found in the
 * process table and signalled first, and recorded afterwards. That nothing is started again is kept by the time of a file,
 * by the records, or else by ending whatever comes until two seconds stay quiet.
 */
export async function stopAll({home, at, gracefulMs, record}: StopOfAll): Promise<Results['stop']> {
	const isKept = setStopTime(home, at);
	const asked = askHome(home);
	const {reports, isSpared, problem} = await record().catch(unrecorded);
	const rest = await endHome(home, {
		gracefulMs,
		endsSupervisors: problem !== null,
		quietMs: problem === null || isKept ? 0 : quietMs,
		isSpared,
	});
	const seen = reportsOf(asked.filter(({spawn, entry}) => !isSpared(spawn) || !isAlive(entry)));
	const problems = problem === null ? [] : [`Ended, but not recorded: ${problem}`, outlook(home, isKept)];
	return {spawns: merged([...reports, ...rest, ...seen]), problems};
}

function unrecorded(error: unknown): RecordedStop {
	return {reports: [], isSpared: () => false, problem: describeError(error)};
}

function outlook(home: string, isKept: boolean): string {
	return isKept
		? 'Nothing starts again by itself, and what waited is held. It is recorded as soon as the store can be written.'
		: `What waited may start again, because ${stopPath(home)} cannot be written either: mend the disk, then repeat the stop.`;
}

/** One report for each spawn; the first one names the agent. */
function merged(reports: readonly StopReport[]): readonly StopReport[] {
	const byId = Map.groupBy(reports, ({id}) => id);
	return [...byId.values()].map(own => ({
		...(own[0] as StopReport),
		agent: own.find(({agent}) => agent !== 'supervisor')?.agent ?? 'supervisor',
		hadEnded: own.every(({hadEnded}) => hadEnded),
		signalled: [...new Set(own.flatMap(({signalled}) => signalled))],
		survivors: [...new Set(own.flatMap(({survivors}) => survivors))],
	}));
}
