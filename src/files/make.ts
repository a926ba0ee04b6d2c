import {mkdirSync, unlinkSync} from 'node:fs';
import {codeOf} from '../errors.ts';
import {createToAppend, openToAppend, requireFolder, UnsafeFileError} from './open.ts';

/** Makes a folder of the workspace, and the one that it is in. Throws an UnsafeFileError when one of them is a link. */
export function makeFolder(path: string): void {
	requireFolder(path);
	mkdirSync(path, {recursive: true, mode: 0o700});
	requireFolder(path);
}

/**
 * Makes a new file of the workspace in place of whatever has that name, which is removed and never followed; the
 * descriptor, which the caller closes. Throws an UnsafeFileError when a folder has that name.
 */
export function createAnew(path: string, create: (path: string) => number = createToAppend): number {
	try {
		return create(path);
	} catch (error) {
		if (codeOf(error) !== 'EEXIST') throw error;
	}
	removeName(path);
	return create(path);
}

/** Opens a regular file of the workspace at its end for writing; whatever else has its name is removed, and never followed. */
export function openOrReplace(path: string): number {
	try {
		return openToAppend(path);
	} catch (error) {
		if (!(error instanceof UnsafeFileError)) throw error;
		return createAnew(path);
	}
}

function removeName(path: string): void {
	try {
		unlinkSync(path);
	} catch (error) {
		const code = codeOf(error);
		if (code === 'EISDIR' || code === 'EPERM') {
			throw new UnsafeFileError(`${path} is a folder, not a file.`, 'Remove it.');
		}
		if (code !== 'ENOENT') throw error;
	}
}
