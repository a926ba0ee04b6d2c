import {statSync} from 'node:fs';
import type {Store} from './open.ts';
import {isBusy, StoreBusyError} from './patience.ts';
import {statement} from './statements.ts';

/** True for the error of a write that another process kept from beginning. Nothing was written. */
export function isKeptBusy(error: unknown): boolean {
	return error instanceof StoreBusyError || isBusy(error);
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
