import {statSync} from 'node:fs';
import type {Database} from 'better-sqlite3';
import {StoreError} from '../errors.ts';

/** A store whose file was replaced or deleted while it was open: what is written to it is lost, or damages the new file. */
export class StoreReplacedError extends StoreError {
	constructor(path: string) {
		super(`${path} was replaced or deleted while it was open; nothing was written.`, 'Open it again.');
	}
}

const files = new WeakMap<Database, string>();

/** Remembers which file a store was opened from. `before` is what `fileOf` returned before that. */
export function rememberFile(store: Database, before: string | null): void {
	if (before !== null) files.set(store, before);
}

/** Identifies the file at a path; null when there is none. */
export function fileOf(path: string): string | null {
	const stats = statSync(path, {throwIfNoEntry: false, bigint: true});
	return stats === undefined ? null : `${stats.dev}-${stats.ino}`;
}

/** What became of the file of an open store: it is still there, it was removed, or another one has its name. */
export type FileState = 'same' | 'gone' | 'replaced';

/** Looks what became of the file of a store since it was opened. */
export function findFileState(store: Database): FileState {
	const opened = files.get(store);
	const present = fileOf(store.name);
	if (opened === undefined || present === opened) return 'same';
	return present === null ? 'gone' : 'replaced';
}

/** Throws a StoreReplacedError when the path of a store leads to another file by now, or to none. */
export function requireSameFile(store: Database): void {
	if (findFileState(store) !== 'same') throw new StoreReplacedError(store.name);
}
