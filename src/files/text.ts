import {closeSync, constants, fstatSync, openSync, readSync, renameSync, rmSync, writeSync} from 'node:fs';
import {dirname} from 'node:path';
import {UsageError} from '../errors.ts';
import {openToRead, requireFolder} from './open.ts';

const mebibyte = 1024 * 1024;

/** The text of a file of the workspace; null when it is not there. Throws a UsageError for one above `mostBytes` (1 MiB). */
export function readText(path: string, mostBytes = mebibyte): string | null {
	const file = openToRead(path);
	if (file === null) return null;
	try {
		if (fstatSync(file).size > mostBytes) throw new UsageError(`${path} has more than ${mostBytes} bytes.`);
		const bytes = Buffer.alloc(mostBytes + 1);
		let size = 0;
		// A file may grow while it is read, and a read may give less than was asked for.
		for (let read = -1; read !== 0 && size < bytes.length; size += read) {
			read = readSync(file, bytes, size, bytes.length - size, size);
		}
		if (size > mostBytes) throw new UsageError(`${path} has more than ${mostBytes} bytes.`);
		return bytes.toString('utf8', 0, size);
	} finally {
		closeSync(file);
	}
}

/** Writes a file of the workspace whole, in place of whatever has that name; nobody ever sees a part of it. */
export function replaceText(path: string, text: string, mode = 0o600): void {
	requireFolder(dirname(path));
	const fresh = `${path}.${process.pid}.new`;
	rmSync(fresh, {force: true});
	const {O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY} = constants;
	const file = openSync(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
	try {
		const bytes = Buffer.from(text);
		for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
	} finally {
		closeSync(file);
	}
	renameSync(fresh, path);
}
