import {type Dirent, lstatSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {codeOf} from '../errors.ts';
import {requireFolder} from './open.ts';

/** The names in a folder of the workspace; none when it is not there. Throws an UnsafeFileError when it is a link. */
export function namesIn(folder: string): readonly string[] {
	requireFolder(folder);
	try {
		return readdirSync(folder);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return [];
		throw error;
	}
}

/** The space that a file or folder takes on its disk, in bytes. Links are not followed. */
export function sizeOf(path: string): number {
	const stats = lstatSync(path, {throwIfNoEntry: false});
	if (stats === undefined) return 0;
	const own = stats.blocks * 512;
	if (!stats.isDirectory()) return own;
	const entries: readonly Dirent[] = readdirSync(path, {withFileTypes: true});
	return entries.reduce((sum, {name}) => sum + sizeOf(join(path, name)), own);
}

/** Removes a file, or a folder with all that is in it. Of a link it removes the link. */
export function removeAll(path: string): void {
	rmSync(path, {recursive: true, force: true});
}
