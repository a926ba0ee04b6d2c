import {type Instant, minute} from './time.ts';

/**
 * How many spawns agents may trigger for one human message, over all channels that its chain reaches: so many at once, and
 * so many more with each hour that passes, never above the burst. Without any per hour it never refills by itself.
 */
export interface Leash {
	readonly burst: number;
	readonly perHour: number;
}

/** The rule for leashes, as error messages state it. */
export const leashRule = 'must be a number such as 16, or a burst and how it refills such as "16+6/h"';

/** A leash as people write it, `16` or `16+6/h`; null for any other text. */
export function parseLeash(text: string): Leash | null {
	const match = /^(\d{1,6})(?:\+(\d{1,6})\/h)?$/.exec(text);
	if (match === null) return null;
	const leash = {burst: Number(match[1]), perHour: Number(match[2] ?? 0)};
	// A burst of none could never hold what refills.
	return leash.burst === 0 && leash.perHour > 0 ? null : leash;
}

/** A leash in the form that `parseLeash` reads. */
export function formatLeash({burst, perHour}: Leash): string {
	return perHour === 0 ? String(burst) : `${burst}+${perHour}/h`;
}

// Counted in whole numbers, so that the instant at which one more may start is exact: one spawn is an hour's milliseconds.
const spawnCost = 60 * minute;

/** The instants at which agents triggered the spawns of a chain since its leash was last refilled, in their order. */
export type LeashUses = readonly Instant[];

/** How many spawns of a chain agents may trigger at `at`. */
export function spawnsLeft(leash: Leash, uses: LeashUses, at: Instant): number {
	const {level, since} = levelAfter(leash, uses);
	return Math.floor(refilled(leash, level, at - since) / spawnCost);
}

/** From when on agents may trigger one more spawn of a chain, unless they trigger one before; null for never. */
export function opensAt(leash: Leash, uses: LeashUses): Instant | null {
	const {level, since} = levelAfter(leash, uses);
	if (level >= spawnCost) return 0;
	return leash.perHour === 0 || leash.burst === 0
		? null
		: since + Math.ceil((spawnCost - level) / leash.perHour);
}

/** The level right after the last use. A use beyond the leash, which the operator released, leaves no debt. */
function levelAfter(leash: Leash, uses: LeashUses): {readonly level: number; readonly since: Instant} {
	let level = leash.burst * spawnCost;
	let since = uses[0] ?? 0;
	for (const at of uses) {
		level = Math.max(0, refilled(leash, level, at - since) - spawnCost);
		since = at;
	}
	return {level, since};
}

/** A level after a time. A clock that was set back refills nothing. */
function refilled({burst, perHour}: Leash, level: number, elapsed: number): number {
	return Math.min(burst * spawnCost, level + Math.max(0, elapsed) * perHour);
}
