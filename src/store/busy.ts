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
