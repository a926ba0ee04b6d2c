import {closeSync, fstatSync, futimesSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {openToAppend, openToRead, UnsafeFileError} from '../files/open.ts';
import type {Instant} from '../model/time.ts';

// The time of the file `stop` is when everything was stopped. To set it takes neither disk space nor a store that works, and
// every supervisor looks at it.

/** Path of the file whose time says when everything was stopped. */
export function stopPath(home: string): string {
	return join(home, 'stop');
}

/** Makes the stop file of a workspace that was never stopped; one that is there stays as it is. */
export function makeStopFile(home: string): void {
	const file = openToRead(stopPath(home));
	if (file === null) setTime(openToAppend(stopPath(home)), 0);
	else closeSync(file);
}

/** Sets when everything was stopped. False when the disk does not take it. */
export function setStopTime(home: string, at: Instant): boolean {
	try {
		setTime(openToRead(stopPath(home)) ?? openToAppend(stopPath(home)), at);
		return true;
	} catch (error) {
		return error instanceof UnsafeFileError && replace(home, at);
	}
}

function replace(home: string, at: Instant): boolean {
	try {
		rmSync(stopPath(home), {recursive: true});
		setTime(openToAppend(stopPath(home)), at);
		return true;
	} catch {
		return false;
	}
}

function setTime(file: number, at: Instant): void {
	try {
		futimesSync(file, at / 1000, at / 1000);
	} finally {
		closeSync(file);
	}
}

/** When everything was last stopped, by the clock of that time; null when it never was, or nobody can say. */
export function readStopTime(home: string): Instant | null {
	try {
		const file = openToRead(stopPath(home));
		if (file === null) return null;
		try {
			const time = Math.round(fstatSync(file).mtimeMs);
			return time === 0 ? null : time;
		} finally {
			closeSync(file);
		}
	} catch {
		return null;
	}
}

/** When everything was last stopped; never later than `now`, because a clock may have been set back since. */
export function lastStop(home: string, now: Instant): Instant | null {
	const time = readStopTime(home);
	return time === null ? null : Math.min(time, now);
}
