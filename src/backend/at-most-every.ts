import type {Milliseconds} from '../model/time.ts';

/** Returns a function that calls `read` only when its last result is older than `maxAgeMs`. */
export function atMostEvery<T>(maxAgeMs: Milliseconds, read: () => T): () => T {
	let latest: {readonly value: T; readonly at: number} | null = null;
	return () => {
		if (latest === null || performance.now() - latest.at >= maxAgeMs) {
			latest = {value: read(), at: performance.now()};
		}
		return latest.value;
	};
}
