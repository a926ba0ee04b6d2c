import {type Clocks, type Gap, isKnownGap, sleepBetween} from '../../model/gap.ts';
import type {Spawn} from '../../model/spawn.ts';
import {readClocks} from '../../process/clocks.ts';
import {listGaps, recordGap} from '../../store/gaps.ts';
import {listLiveSpawns} from '../../store/spawns.ts';
import type {Workspace} from '../../workspace/open.ts';
import {lastBeat} from './heartbeat.ts';

/**
 * Returns what notices, again and again, that the machine slept since it was last called, or since `first`, and records it
 * once, whoever else notices. It is given what the clocks show.
 */
export function noticingSleep(
	{store, machine}: Pick<Workspace, 'store' | 'machine'>,
	first: Clocks,
): (clocks: Clocks) => void {
	let before = first;
	return clocks => {
		const slept = sleepBetween(before, clocks);
		if (slept !== null) recordGap(store, {...slept, machine}, clocks.wall);
		// Not before it is recorded: what cannot be written now is tried again.
		before = clocks;
	};
}

/** Records that the machine slept since a supervisor last moved, so that nobody who looks first is misled. */
export function noticeSleep(workspace: Workspace, clocks: Clocks = readClocks()): void {
	const {store} = workspace;
	const gaps = unrecordedGaps(workspace, {spawns: listLiveSpawns(store), gaps: listGaps(store)}, clocks);
	for (const gap of gaps) recordGap(store, gap, clocks.wall);
}

/** The sleep of this machine that its supervisors have had no time to record. */
export function unrecordedGaps(
	{home, machine}: Pick<Workspace, 'home' | 'machine'>,
	{spawns, gaps}: {readonly spawns: readonly Spawn[]; readonly gaps: readonly Gap[]},
	clocks: Clocks = readClocks(),
): readonly Gap[] {
	const here = spawns.filter(spawn => spawn.status === 'running' && spawn.machine === machine);
	return here.flatMap(({id}) => {
		const beat = lastBeat(home, id);
		const slept = beat === null ? null : sleepBetween(beat, clocks);
		if (slept === null || isKnownGap(gaps, {...slept, machine})) return [];
		return [{...slept, machine}];
	});
}
