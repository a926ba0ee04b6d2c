import {setTimeout as delay} from 'node:timers/promises';
import {codeOf, describeError} from '../errors.ts';
import {type Milliseconds, second} from '../model/time.ts';
import {reportOnce} from './report-once.ts';
import {setWait} from './supervisor/waiting.ts';

const firstPauseMs: Milliseconds = 100;
const longestPauseMs: Milliseconds = 5 * second;

/**
 * Makes a change, and tries it again, ever more slowly, for as long as the disk is full or another writer is in the way:
 * finished work must not be lost because it could not be recorded at once. The first try is made before it returns. With
 * `withinMs`, it throws what the last try threw when that time is over.
 */
export async function untilRecorded<T>(
	change: () => T,
	withinMs: Milliseconds = Number.POSITIVE_INFINITY,
): Promise<T> {
	const end = performance.now() + withinMs;
	const task = {};
	try {
		for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
			try {
				return change();
			} catch (error) {
				if (!mayRecover(error) || performance.now() + pauseMs > end) throw error;
				reportOnce(error);
				setWait(task, describeError(error));
			}
			await delay(pauseMs);
		}
	} finally {
		setWait(task, null);
	}
}

const passing = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'ENFILE'];
const passingInStore = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|NOMEM)/;

/** True for a failure of the disk or the store that may be gone later. A store that was replaced by another never comes back. */
function mayRecover(error: unknown): boolean {
	const code = codeOf(error);
	return passing.includes(code) || (passingInStore.test(code) && code !== 'SQLITE_READONLY_DBMOVED');
}
