import type {Milliseconds} from '../model/time.ts';

/** Returns a function that gives the last result of `read`, or a new one when that is `maxAgeMs` old or older. */
export function remembering<T>(read: () => T): (maxAgeMs: Milliseconds) => T {
	let latest: {readonly value: T; readonly at: number} | null = null;
	return maxAgeMs => {
		if (latest === null || performance.now() - latest.at >= maxAgeMs) {
			latest = {value: read(), at: performance.now()};
		}
		return latest.value;
	};
}
