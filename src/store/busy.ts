import {statSync} from 'node:fs';
import {codeOf} from '../errors.ts';
import type {Milliseconds} from '../model/time.ts';
import type {Store} from './open.ts';
import {statement} from './statements.ts';

// A screen that waits longer than this at a time stutters.
const shortWaitMs: Milliseconds = 40;

/** Lets a write fail at once, and not wait, while another process writes: for whoever has a screen to draw. */
export function failWhenBusy(store: Store): void {
	store.pragma(`busy_timeout = ${shortWaitMs}`);
}

/** True for the error of a write that another process kept from beginning. Nothing was written. */
export function isBusy(error: unknown): boolean {
	return codeOf(error).startsWith('SQLITE_BUSY');
}

/** A number that grows with each row that this process writes. */
export function countWrites(store: Store): number {
	return statement<[], number>(store, 'SELECT total_changes()').pluck().get() ?? 0;
}

/** What became of the file of an open store: it is still there, it was removed, or another one has its name. */
export type FileState = 'same' | 'gone' | 'replaced';

/** Returns a function that looks what became of the file of a store since now. */
export function findFileState(store: Store): () => FileState {
	const identityOf = () => {
		const stats = statSync(store.name, {throwIfNoEntry: false});
		return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
	};
	const opened = identityOf();
	return () => {
		const present = identityOf();
		if (present === opened) return 'same';
		return present === null ? 'gone' : 'replaced';
	};
}
