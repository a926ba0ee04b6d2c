import {closeSync, readSync} from 'node:fs';
import {createAnew} from '../files/make.ts';
import {openToRead} from '../files/open.ts';
import type {Exit} from '../model/attempt.ts';
import type {SpawnId} from '../model/spawn.ts';
import {makeSpawnFolder} from '../workspace/folders.ts';
import {attemptFiles} from '../workspace/paths.ts';
import {reportOnce} from './report-once.ts';
import {createExitFile, exitOf} from './wrapper.ts';

/**
 * The files of one attempt, open for reading as long as it is followed: an agent may rename or replace them, or put a FIFO
 * in their place. Null for one that is not there.
 */
export interface AttemptDescriptors {
	readonly output: number | null;
	readonly errors: number | null;
	readonly exit: number | null;
}

/** The descriptors of a new attempt: output, errors and exit code for writing, which its start closes, and all for reading. */
export interface NewFiles {
	readonly toWrite: readonly [number, number, number];
	readonly toRead: AttemptDescriptors;
}

/** Makes the files of a new attempt. Whatever an agent has put at their names is removed, and never followed. */
export function createFiles(home: string, id: SpawnId, attempt: number): NewFiles {
	makeSpawnFolder(home, id);
	const {output, errors, exit} = attemptFiles(home, id, attempt);
	const open: number[] = [];
	const opened = (file: number) => {
		open.push(file);
		return file;
	};
	try {
		const toWrite = [
			opened(createAnew(output)),
			opened(createAnew(errors)),
			opened(createExitFile(exit)),
		] as const;
		return {toWrite, toRead: openEach([output, errors, exit], openToRead)};
	} catch (error) {
		for (const file of open) closeSync(file);
		throw error;
	}
}

/** Opens the files of an attempt that somebody else started. One that an agent has replaced by something else is passed over. */
export function openFiles(home: string, id: SpawnId, attempt: number): AttemptDescriptors {
	const {output, errors, exit} = attemptFiles(home, id, attempt);
	const openOrReport = (path: string) => {
		try {
			return openToRead(path);
		} catch (error) {
			reportOnce(error);
			return null;
		}
	};
	return openEach([output, errors, exit], openOrReport);
}

function openEach(
	[output, errors, exit]: readonly [string, string, string],
	open: (path: string) => number | null,
): AttemptDescriptors {
	return {output: open(output), errors: open(errors), exit: open(exit)};
}

/** Closes what is open. */
export function closeFiles({output, errors, exit}: AttemptDescriptors): void {
	for (const file of [output, errors, exit]) if (file !== null) closeSync(file);
}

const longestExit = 16;

/** How the CLI ended, as its wrapper has written; null when it has not. */
export function readExit({exit}: AttemptDescriptors): Exit | null {
	if (exit === null) return null;
	const bytes = Buffer.alloc(longestExit);
	const size = readSync(exit, bytes, 0, longestExit, 0);
	return exitOf(bytes.toString('latin1', 0, size));
}
