import {closeSync, constants, fstatSync, lstatSync, openSync, type Stats} from 'node:fs';
import {dirname} from 'node:path';
import {codeOf, UsageError} from '../errors.ts';

// Agents may write in `.raid/`. A FIFO there would block the one thread of whoever opens it, a symbolic or a second
// hard link would lead out of it.
const {O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY} = constants;
const privately = 0o600;

/** A file that cannot be used as one of ours, because it is a link, a FIFO, a folder or a device, or has a second name. */
export class UnsafeFileError extends UsageError {}

/**
 * Opens a regular file of the workspace for reading, without waiting and without following links; the descriptor, which
 * the caller closes. Null when it is not there. Throws an UnsafeFileError.
 */
export function openToRead(path: string): number | null {
	try {
		return openSafely(path, O_RDONLY);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return null;
		throw error;
	}
}

/** Opens a regular file of the workspace at its end for writing, and makes it when it is not there. Throws an UnsafeFileError. */
export function openToAppend(path: string): number {
	return openSafely(path, O_WRONLY | O_APPEND | O_CREAT);
}

/** Makes a new file of the workspace, and opens it for reading, and at its end for writing. Throws an EEXIST when something has that name. */
export function createToAppend(path: string): number {
	return openSafely(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL);
}

/** Makes a new file of the workspace, and opens it for reading, and at its beginning for writing. Throws an EEXIST when something has that name. */
export function createToWrite(path: string): number {
	return openSafely(path, O_RDWR | O_CREAT | O_EXCL);
}

/** Opens a regular file of the workspace for writing in place, and makes it when it is not there. Throws an UnsafeFileError. */
export function openToRewrite(path: string): number {
	return openSafely(path, O_WRONLY | O_CREAT);
}

function openSafely(path: string, flags: number): number {
	requireFolder(dirname(path));
	const file = openWithoutWaiting(path, flags);
	const stats = fstatSync(file);
	if (stats.isFile() && stats.nlink <= 1) return file;
	closeSync(file);
	throw new UnsafeFileError(`${path} is ${describe(stats)}.`, 'Remove it.');
}

function openWithoutWaiting(path: string, flags: number): number {
	try {
		return openSync(path, flags | O_NOFOLLOW | O_NONBLOCK, privately);
	} catch (error) {
		const code = codeOf(error);
		// A FIFO that nobody reads is refused with ENXIO, a symbolic link with ELOOP.
		if (code !== 'ELOOP' && code !== 'EMLINK' && code !== 'ENXIO' && code !== 'EISDIR') throw error;
		throw new UnsafeFileError(`${path} is ${describe(lstatSync(path))}.`, 'Remove it.');
	}
}

/** Throws an UnsafeFileError when a folder, or the one that it is in, is a symbolic link. */
export function requireFolder(path: string): void {
	for (const folder of [path, dirname(path)]) {
		const stats = lstatSync(folder, {throwIfNoEntry: false});
		if (stats !== undefined && !stats.isDirectory()) {
			throw new UnsafeFileError(`${folder} is ${describe(stats)}.`, 'Remove it.');
		}
	}
}

function describe(stats: Stats): string {
	if (stats.isSymbolicLink()) return 'a symbolic link, which raid does not follow';
	if (stats.isFIFO()) return 'a FIFO, which would block whoever opens it';
	if (stats.isDirectory()) return 'a folder, not a file';
	if (stats.isFile()) return 'a file with more than one name (a hard link)';
	return 'not a regular file';
}
