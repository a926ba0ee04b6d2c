import {unclaimedAfterMs} from './limits.ts';
import {formatDuration, type Instant, type Milliseconds, minute} from './time.ts';

/** What a supervisor that gives no sign of life does, as the operating system says. */
export type Inactivity =
	/** Stopped, by a signal or a debugger. */
	| 'stopped'
	/** It waits inside the operating system, so that it can do nothing else. */
	| 'blocked'
	/** It waits for its next event, or tries again and again to get the lock of the store. */
	| 'waiting'
	/** It runs, or wants to. */
	| 'busy'
	/** The system does not say. */
	| 'unknown';

/** A living supervisor that has given no sign of life lately. */
export interface Standstill {
	/** When it last did. */
	readonly since: Instant;
	/** How long ago that is, without the time that the machine slept. */
	readonly quietMs: Milliseconds;
	readonly inactivity: Inactivity;
	/** Name of what it is blocked by in the kernel; null where that is not known. */
	readonly place: string | null;
}

// On an overloaded machine a supervisor may want to run for a long time without being let.
const busyAfterMs: Milliseconds = 3 * minute;

/** True for a supervisor that does not move, and will not by itself. */
export function isStuck({quietMs, inactivity}: Standstill): boolean {
	switch (inactivity) {
		case 'stopped':
		case 'blocked':
			return quietMs >= unclaimedAfterMs;
		case 'busy':
		case 'unknown':
			return quietMs >= busyAfterMs;
		case 'waiting':
			return false;
	}
}

/** True for a supervisor that has been stuck for so long that another one takes its place. */
export function isHopeless(standstill: Standstill): boolean {
	return isStuck({...standstill, quietMs: standstill.quietMs - unclaimedAfterMs});
}

/** The evidence: `its supervisor (PID 7) is stopped, no sign of life for 40s`. */
export function describeStandstill({quietMs, inactivity, place}: Standstill, pid: number | null): string {
	const how = {
		stopped: 'is stopped',
		blocked: place === null ? 'is blocked' : `is blocked in ${place}`,
		waiting: 'waits',
		busy: 'is busy',
		unknown: 'does not move',
	}[inactivity];
	return `its supervisor (PID ${pid ?? '?'}) ${how}, no sign of life for ${formatDuration(quietMs)}`;
}
