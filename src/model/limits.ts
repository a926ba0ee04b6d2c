import type {Leash} from './leash.ts';
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
	/** Time after which an attempt that did nothing at all (no output, no session, no CPU) is killed and tried again. */
	readonly hangAfterMs: Milliseconds;
	/** Output of one attempt, in bytes, above which it is ended. */
	readonly maxOutputBytes: number;
	/** Age at which the logs of an ended spawn may be removed. */
	readonly keepLogsMs: Milliseconds;
	/** Time between TERM and KILL. */
	readonly gracefulMs: Milliseconds;
	/** Agent-triggered spawns per human message, over all channels that its chain reaches. */
	readonly leash: Leash;
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
	hangAfterMs: 10 * minute,
	maxOutputBytes: 512 * 1024 * 1024,
	keepLogsMs: 30 * 24 * 60 * minute,
	gracefulMs: 5 * second,
	leash: {burst: 16, perHour: 6},
	breaker: 5,
	isGuarded: true,
};

/** A pending spawn that no supervisor claimed for this long is lost: its supervisor is started again. */
export const unclaimedAfterMs: Milliseconds = 30 * second;

/** The value of a limit as a store keeps it. Older versions kept a leash as a number, which never refilled. */
export function limitOf(name: string, value: unknown): unknown {
	return name === 'leash' && typeof value === 'number' ? {burst: value, perHour: 0} : value;
}
