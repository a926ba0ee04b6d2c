import {setTimeout as delay} from 'node:timers/promises';

const giveUpMs = 60_000;
const pollMs = 30;

/** Waits until `look` gives something; what it gave. Fails, naming what was waited for, when it never does. */
export async function until<T>(
	what: string | (() => string),
	look: () => T | null | undefined | false,
): Promise<T> {
	for (const end = performance.now() + giveUpMs; performance.now() < end; await delay(pollMs)) {
		const found = look();
		if (found !== null && found !== undefined && found !== false) return found;
	}
	throw new Error(`waited in vain: ${typeof what === 'string' ? what : what()}`);
}
