import {closeSync, readSync} from 'node:fs';
import {createAnew} from '../../files/make.ts';
import {openToRead} from '../../files/open.ts';
import type {Exit} from '../../model/attempt.ts';
import type {SpawnId} from '../../model/spawn.ts';
import {makeSpawnFolder} from '../../workspace/folders.ts';
import {attemptFiles} from '../../workspace/paths.ts';
import {reportOnce} from '../report-once.ts';
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

/** The files of a new attempt. */
export type NewFiles = {readonly [K in keyof AttemptDescriptors]: number};

/**
 * Makes the files of a new attempt; one descriptor of each serves its CLI and its reader. Whatever an agent has put at their
 * names is removed, and never followed.
 */
export function createFiles(home: string, id: SpawnId, attempt: number): NewFiles {
	makeSpawnFolder(home, id);
	const paths = attemptFiles(home, id, attempt);
	let files: AttemptDescriptors = {output: null, errors: null, exit: null};
	try {
		const output = createAnew(paths.output);
		files = {...files, output};
		const errors = createAnew(paths.errors);
		files = {...files, errors};
		return {output, errors, exit: createExitFile(paths.exit)};
	} catch (error) {
		closeFiles(files);
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
	return {output: openOrReport(output), errors: openOrReport(errors), exit: openOrReport(exit)};
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
