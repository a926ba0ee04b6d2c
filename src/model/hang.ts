import {formatDuration, type Milliseconds, second} from './time.ts';

/** What came of an attempt so far. */
export interface SignsOfWork {
	/** How long nothing new has come. */
	readonly silenceMs: Milliseconds;
	/** Nothing was ever printed, and there is no session. */
	readonly hasDoneNothing: boolean;
}

// What a CLI needs to load its program, before it does anything.
const startUpCpuMs: Milliseconds = 10 * second;

/** True for an attempt that may hang: nothing has come of it since it began. */
export function mayHang({silenceMs, hasDoneNothing}: SignsOfWork, hangAfterMs: Milliseconds): boolean {
	return hasDoneNothing && silenceMs >= hangAfterMs;
}

/** Why an attempt that may hang does hang, when its processes have used `cpuMs`; null when they have worked. */
export function describeHang({silenceMs}: SignsOfWork, cpuMs: Milliseconds): string | null {
	if (cpuMs > startUpCpuMs) return null;
	const cpu = `CPU ${(cpuMs / second).toFixed(1)}s`;
	return `did nothing for ${formatDuration(silenceMs)}: no output, no session, ${cpu}`;
}
