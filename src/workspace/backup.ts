import {
	chmodSync,
	closeSync,
	existsSync,
	fsyncSync,
	linkSync,
	openSync,
	renameSync,
	rmSync,
	statSync,
} from 'node:fs';
import {dirname} from 'node:path';
import {codeOf, describeError, StoreError, UsageError} from '../errors.ts';
import type {Workspace} from './open.ts';
import {databasePath} from './paths.ts';

// All pages in one step: between two steps a writer would make SQLite begin again.
const everything = 2 ** 31 - 1;

/**
 * Copies the store, as it is at one instant, into a file of mode 0600, while others write; the file's size in bytes. The
 * file is there whole or not at all. Throws a UsageError when it exists already, unless `isForced`, and when
 * the path is a folder or inside the workspace.
 */
export async function backUp(
	{store, home}: Pick<Workspace, 'store' | 'home'>,
	path: string,
	{isForced}: {readonly isForced: boolean},
): Promise<number> {
	requireFit(path, home);
	if (existsSync(path) && !isForced) throw existing(path);
	if (!statSync(dirname(path), {throwIfNoEntry: false})?.isDirectory()) {
		throw new StoreError(`${path} cannot be written: ${dirname(path)} is not a folder.`);
	}
	const fresh = `${path}.${process.pid}.new`;
	rmSync(fresh, {force: true});
	try {
		closeSync(openSync(fresh, 'wx', 0o600));
		await store.backup(fresh, {progress: () => everything});
		chmodSync(fresh, 0o600);
		sync(fresh);
		const {size} = statSync(fresh);
		put(fresh, path, isForced);
		return size;
	} catch (error) {
		if (codeOf(error) === 'EEXIST') throw existing(path);
		throw new StoreError(`${path} cannot be written (${describeError(error)}).`, 'Nothing was changed.');
	} finally {
		for (const left of [fresh, `${fresh}-wal`, `${fresh}-shm`, `${fresh}-journal`])
			rmSync(left, {force: true});
	}
}

/** Throws a UsageError for a name that no copy may have, also when it is forced. */
function requireFit(path: string, home: string): void {
	if (isSame(path, databasePath(home))) {
		throw new UsageError(`${path} is the store itself.`, 'Name another file.');
	}
	if (statSync(path, {throwIfNoEntry: false})?.isDirectory()) {
		throw new UsageError(`${path} is a folder.`, 'Name a file in it.');
	}
	// A copy in the place of `config.json`, or of a part of the store, would damage the workspace.
	for (let folder = dirname(path); ; folder = dirname(folder)) {
		if (isSame(folder, home)) {
			throw new UsageError(`${path} is inside the workspace.`, `Name a file outside of ${home}.`);
		}
		if (folder === dirname(folder)) return;
	}
}

/** Gives the copy its name. A link, unlike a rename, never overwrites; where there are none, the look before must do. */
function put(fresh: string, path: string, isForced: boolean): void {
	if (!isForced) {
		try {
			linkSync(fresh, path);
			return;
		} catch (error) {
			if (codeOf(error) === 'EEXIST') throw error;
		}
	}
	renameSync(fresh, path);
}

function isSame(path: string, other: string): boolean {
	const [one, two] = [path, other].map(name => statSync(name, {throwIfNoEntry: false}));
	return one !== undefined && one.dev === two?.dev && one.ino === two.ino;
}

function existing(path: string): UsageError {
	return new UsageError(`${path} exists already.`, 'Name another file, or overwrite it with --force.');
}

function sync(path: string): void {
	const file = openSync(path, 'r');
	try {
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
}
