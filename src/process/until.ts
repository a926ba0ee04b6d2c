import {setTimeout as delay} from 'node:timers/promises';

const pollMs = 50;

/** Waits until `isSo` returns true, for at most `withinMs` milliseconds. False when it never does. */
export async function until(isSo: () => boolean, withinMs: number): Promise<boolean> {
	for (const end = performance.now() + withinMs; performance.now() < end; await delay(pollMs)) {
		if (isSo()) return true;
	}
	return isSo();
}
