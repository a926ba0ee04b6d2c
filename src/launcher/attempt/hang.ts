import {describeHang, mayHang, type SignsOfWork} from '../../model/hang.ts';
import type {Limits} from '../../model/limits.ts';
import {type Milliseconds, minute} from '../../model/time.ts';
import {processesOf, type Target} from '../stop/kill.ts';

const lookEveryMs: Milliseconds = minute;

/** Decides whether an attempt hangs: the reason, else null. */
export type HangWatch = (signs: SignsOfWork, limits: Limits) => string | null;

/**
 * Watches an attempt for a hang: it has done nothing at all for `hangAfterMs`, and its processes have used hardly any
 * CPU. One that ever showed a sign of work does not hang.
 */
export function watchForHang(target: Target): HangWatch {
	let lookAt = 0;
	return (signs, {hangAfterMs}) => {
		if (!mayHang(signs, hangAfterMs) || performance.now() < lookAt) return null;
		// Looking through all processes is slow.
		lookAt = performance.now() + lookEveryMs;
		const cpuMs = processesOf(target).reduce((sum, entry) => sum + entry.cpuMs, 0);
		return describeHang(signs, cpuMs);
	};
}
