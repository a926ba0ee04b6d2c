import {readFileSync} from 'node:fs';

/** What the clocks of this machine show at one moment, in milliseconds. */
export interface ClockReading {
	/** The time of day, which anybody may set. */
	readonly wall: number;
	/** Counts steadily since the machine started, on Linux without the time that it slept; the same for every process. */
	readonly steady: number;
	/** How long the machine has slept since it started; null where the system does not say. */
	readonly asleepMs: number | null;
}

/** Reads the clocks of this machine. */
export function readClocks(): ClockReading {
	const steady = Number(process.hrtime.bigint() / 1000n) / 1000;
	return {wall: Date.now(), steady, asleepMs: sleptBy(steady)};
}

/** Linux counts its uptime with the time that it slept. */
function sleptBy(steady: number): number | null {
	try {
		const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
		return Number.isFinite(uptime) ? Math.max(0, uptime - steady) : null;
	} catch {
		return null;
	}
}
