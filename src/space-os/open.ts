import {
	chmodSync,
	closeSync,
	copyFileSync,
	existsSync,
	mkdtempSync,
	openSync,
	readSync,
	rmSync,
	statSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {NotFoundError, StoreError} from '../errors.ts';

/** A database of another program, open for one look. */
export type Foreign = Database.Database;

const busyTimeoutMs = 5000;
const mostTries = 200;
const pauseMs = 10;
// File times count in ticks of the kernel's clock; what is older than this differs from all that comes.
const settledAfterMs = 20;

/**
 * Runs `read` on one state of a database that others write, for as long as that takes, and leaves no trace: nothing is
 * written, and no file appears beside it. While somebody has it open in WAL mode, SQLite reads it in place. Else opening
 * it, even read-only, would leave a -wal and a -shm behind: then, and where these cannot be opened, a copy is read.
 * Throws a StoreError when it is no database, or cannot be read.
 */
export function readForeign<T>(path: string, read: (db: Foreign) => T): T {
	if (!existsSync(path)) throw new NotFoundError(`There is no file ${path}.`);
	try {
		if (isOpenElsewhere(path) || !isWalMode(path)) {
			try {
				return readAndClose(
					new Database(path, {readonly: true, fileMustExist: true, timeout: busyTimeoutMs}),
					read,
				);
			} catch (error) {
				if (!isNotInPlace(error)) throw error;
			}
		}
		return readCopy(path, read);
	} catch (error) {
		throw storeErrorOf(error, path);
	}
}

/** A text that changes with each commit. It never stays the same when the latest is too fresh to tell. */
export function stampOf(path: string): string {
	const parts = [path, `${path}-wal`].map(file => {
		const stat = statSync(file, {throwIfNoEntry: false, bigint: true});
		if (stat === undefined) return '-';
		const isFresh = Math.abs(Date.now() - Number(stat.mtimeNs / 1_000_000n)) < settledAfterMs;
		return `${stat.ino}.${stat.size}.${stat.mtimeNs}${isFresh ? `.${performance.now()}` : ''}`;
	});
	return parts.join(' ');
}

function readAndClose<T>(db: Foreign, read: (db: Foreign) => T): T {
	try {
		return db.transaction(() => read(db)).deferred();
	} finally {
		db.close();
	}
}

/** Reads a copy in a folder of our own, made while nobody wrote. */
function readCopy<T>(path: string, read: (db: Foreign) => T): T {
	const folder = mkdtempSync(join(tmpdir(), 'raid-'));
	try {
		const copy = join(folder, 'copy.db');
		for (let tries = 1; ; tries += 1) {
			const stamp = stampOf(path);
			for (const suffix of ['', '-wal']) copyWritable(`${path}${suffix}`, `${copy}${suffix}`);
			if (stampOf(path) === stamp) break;
			if (tries === mostTries) throw new StoreError(`${path} changes too fast to be read.`, 'Try again.');
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
		}
		return readAndClose(new Database(copy), read);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

/** Copies a file, if it is there; the copy is ours to write, whatever the file was. */
function copyWritable(from: string, to: string): void {
	rmSync(to, {force: true});
	if (!existsSync(from)) return;
	copyFileSync(from, to);
	chmodSync(to, 0o600);
}

function isOpenElsewhere(path: string): boolean {
	return existsSync(`${path}-wal`) && existsSync(`${path}-shm`);
}

/** The two bytes of the header that tell how the file is written and read. */
function isWalMode(path: string): boolean {
	const header = Buffer.alloc(20);
	const file = openSync(path, 'r');
	try {
		readSync(file, header, 0, header.length, 0);
	} finally {
		closeSync(file);
	}
	return header[18] === 2 || header[19] === 2;
}

// The files beside it have just gone, or may not be opened or locked here.
function isNotInPlace(error: unknown): boolean {
	return codeOf(error).match(/^SQLITE_(CANTOPEN|READONLY|PROTOCOL|IOERR)/) !== null;
}

function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function storeErrorOf(error: unknown, path: string): unknown {
	const code = codeOf(error);
	if (code.startsWith('SQLITE_NOTADB')) return new StoreError(`${path} is not an SQLite database.`);
	if (code.startsWith('SQLITE_CORRUPT')) return new StoreError(`${path} is damaged.`);
	if (/^(SQLITE_(CANTOPEN|BUSY|IOERR|READONLY|PROTOCOL)|E[A-Z]+$)/.test(code)) {
		return new StoreError(`${path} cannot be read (${(error as Error).message}).`);
	}
	return error;
}
