import {setTimeout as delay} from 'node:timers/promises';

const pollMs = 250;

/** How far a spawn is. */
export interface LogProgress {
	/** Number of the latest attempt; 0 before the first. */
	readonly attempt: number;
	/** The spawn has not ended. */
	readonly isLive: boolean;
	/** Its latest attempt has not ended. */
	readonly isRunning: boolean;
}

/** The output of one attempt, read as it grows. */
export interface Part<T> {
	/** Everything that was added since the last look. */
	readonly look: () => Iterable<T>;
	/** Everything that is left. */
	readonly end: () => Iterable<T>;
}

/** Which attempts are played, and how. */
export interface Playing<T> {
	readonly first: number;
	readonly last: number;
	/** Continues until the spawn has ended. */
	readonly isFollowed: boolean;
	/** Ends the following early. */
	readonly closed: AbortSignal;
	/** Keeps only the end of what is there at the beginning; null to keep everything. */
	readonly endOf: ((items: readonly T[]) => readonly T[]) | null;
}

/** Yields the chosen attempts of a spawn, one after the other. */
export async function* playLog<T>(
	progress: () => LogProgress,
	{first, last, isFollowed, closed, endOf}: Playing<T>,
	open: (attempt: number) => Part<T>,
): AsyncGenerator<T, undefined, undefined> {
	const backlog = backlogOf(endOf);
	const mayWait = () => isFollowed && !closed.aborted;
	for (let number = first; number <= last; number += 1) {
		while (isToCome(progress(), number) && mayWait()) {
			yield* backlog.flush();
			await delay(pollMs);
		}
		if (progress().attempt < number) break;
		const part = open(number);
		// The progress is read before the file, so that no last line is missed.
		while (isAtWork(progress(), number) && mayWait()) {
			yield* backlog.pass(part.look());
			yield* backlog.flush();
			await delay(pollMs);
		}
		yield* backlog.pass(part.end());
	}
	yield* backlog.flush();
}

function isToCome({attempt, isLive}: LogProgress, number: number): boolean {
	return attempt < number && isLive;
}

function isAtWork({attempt, isRunning}: LogProgress, number: number): boolean {
	return attempt === number && isRunning;
}

/** Holds items back until the first flush, and passes later ones on at once. */
interface Backlog<T> {
	readonly pass: (items: Iterable<T>) => Iterable<T>;
	readonly flush: () => Iterable<T>;
}

const leastToTrim = 1024;

function backlogOf<T>(endOf: Playing<T>['endOf']): Backlog<T> {
	let kept: readonly T[] | null = endOf === null ? null : [];
	let trimAt = leastToTrim;
	const trim = (items: readonly T[]) => (endOf === null ? items : endOf(items));
	return {
		pass(items) {
			if (kept === null) return items;
			let all = [...kept];
			for (const item of items) {
				all.push(item);
				if (all.length < trimAt) continue;
				all = [...trim(all)];
				trimAt = Math.max(leastToTrim, 2 * all.length);
			}
			kept = all;
			return [];
		},
		flush() {
			const items = kept === null ? [] : trim(kept);
			kept = null;
			return items;
		},
	};
}
