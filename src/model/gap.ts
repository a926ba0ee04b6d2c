import {type Instant, type Milliseconds, second} from './time.ts';

/** A time in which a machine slept: nothing on it could run. */
export interface Gap {
	/** Id of the machine. */
	readonly machine: string;
	readonly from: Instant;
	readonly until: Instant;
}

/** What the clocks of a machine showed at one moment. */
export interface Clocks {
	/** The time of day, which anybody may set. */
	readonly wall: Instant;
	/** How long the machine has slept since it started; null where nobody knows. */
	readonly asleepMs: Milliseconds | null;
}

// Clocks that are read one after the other differ a little.
const shortestGapMs: Milliseconds = 5 * second;

/** The sleep between two readings of the clocks; null when the machine did not sleep. Setting a clock is not a sleep. */
export function sleepBetween(before: Clocks, after: Clocks): Pick<Gap, 'from' | 'until'> | null {
	if (before.asleepMs === null || after.asleepMs === null) return null;
	const sleptMs = after.asleepMs - before.asleepMs;
	if (sleptMs < shortestGapMs) return null;
	// Counted from the first reading, so that whoever has read the clocks shortly before finds the same sleep.
	return {from: before.wall, until: before.wall + sleptMs};
}

/** True for a sleep that is among `gaps`, as somebody else may have measured it. */
export function isKnownGap(gaps: readonly Gap[], {machine, from, until}: Gap): boolean {
	return gaps.some(gap => gap.machine === machine && gap.from < until && gap.until > from);
}

/** The gaps of the machine that a spawn runs on. */
export function gapsOf(gaps: readonly Gap[], spawn: {readonly machine: string | null}): readonly Gap[] {
	return gaps.filter(({machine}) => machine === spawn.machine);
}

/** How long the machine slept between two instants. */
export function asleepBetween(gaps: readonly Gap[], from: Instant, until: Instant): Milliseconds {
	return gaps.reduce(
		(sum, gap) => sum + Math.max(0, Math.min(until, gap.until) - Math.max(from, gap.from)),
		0,
	);
}

/** How long the machine was awake between two instants; 0 when the second one is the earlier. */
export function awakeBetween(gaps: readonly Gap[], from: Instant, until: Instant): Milliseconds {
	return Math.max(0, until - from - asleepBetween(gaps, from, until));
}
