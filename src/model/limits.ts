import {type Milliseconds, minute, second} from './time.ts';

/** What an operator may set in `config.json`; the policy of launching and of warnings. */
export interface Limits {
	/** Spawns that run at once. */
	readonly maxLive: number;
	/** Depth of the deepest spawn that may exist; a root has depth 0. */
	readonly maxDepth: number;
	/** How often a failure that can pass is tried again. */
	readonly retries: number;
	/** Silence after which a running spawn counts as stalled. */
	readonly stallAfterMs: Milliseconds;
	/** Run time after which a running spawn counts as overdue. */
	readonly overdueAfterMs: Milliseconds;
	/** Time between TERM and KILL. */
	readonly gracefulMs: Milliseconds;
}

export const defaultLimits: Limits = {
	maxLive: 4,
	maxDepth: 3,
	retries: 1,
	stallAfterMs: 3 * minute,
	overdueAfterMs: 10 * minute,
	gracefulMs: 5 * second,
};

/** A pending spawn that nobody claimed for this long is lost: its supervisor is started again. */
export const unclaimedAfterMs: Milliseconds = 30 * second;
