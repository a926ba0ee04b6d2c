import {type Milliseconds, minute, second} from './time.ts';

/** The limits of launching and of warnings, which an operator sets in `config.json`. */
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
	/** Silence after which a running spawn is killed and tried again; null: it is only shown. */
	readonly killAfterMs: Milliseconds | null;
	/** Time between TERM and KILL. */
	readonly gracefulMs: Milliseconds;
	/** Agent-triggered spawns per human message and channel. */
	readonly leash: number;
	/** Failures in a row in a channel that open its breaker. */
	readonly breaker: number;
	/** Completion rule, leash and breaker hold mentions. False only in a demo that shows a raid without them. */
	readonly isGuarded: boolean;
}

export const defaultLimits: Limits = {
	maxLive: 4,
	maxDepth: 3,
	retries: 1,
	stallAfterMs: 3 * minute,
	overdueAfterMs: 10 * minute,
	killAfterMs: null,
	gracefulMs: 5 * second,
	leash: 16,
	breaker: 5,
	isGuarded: true,
};

/** A pending spawn that no supervisor claimed for this long is lost: its supervisor is started again. */
export const unclaimedAfterMs: Milliseconds = 30 * second;
