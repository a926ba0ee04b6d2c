import {closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {codeOf, NotFoundError, StoreError} from '../../errors.ts';

/** A database of another program, open for one read. */
export type Foreign = Database.Database;

const busyTimeoutMs = 5000;
const mostTries = 200;
const pauseMs = 10;
// While somebody writes without a pause no copy is whole. Then, and where it is large, the database is read in place.
const quietTries = 8;
const mostCopied = 16 * 1024 * 1024;
const pieceSize = 1024 * 1024;
// File times count in ticks of the kernel's clock: a time older than this differs from every later one.
const settledAfterMs = 20;

/**
 * Runs `read` on one state of a database that others write, and leaves no trace: nothing is written, and no file appears
 * beside it. Opening it, even read-only, would leave a -wal and a -shm behind when its last writer ends meanwhile, so a
 * copy is read. Only a large database, or one that is written without a pause, is read in place while somebody has it
 * open. Throws a StoreError when it is not a database, or cannot be read.
 */
export function readForeign<T>(path: string, read: (db: Foreign) => T): T {
	const file = statSync(path, {throwIfNoEntry: false});
	if (file === undefined) throw new NotFoundError(`There is no file ${path}.`);
	// A pipe, say, could keep us waiting for ever.
	if (!file.isFile()) throw new StoreError(`${path} cannot be read (it is not a file).`);
	const isSmall = file.size <= mostCopied;
	try {
		for (let tries = 1; tries <= mostTries; tries += 1) {
			const isCopied = isSmall && tries <= quietTries && isWalMode(path);
			const found = (isCopied ? null : readInPlace(path, read)) ?? readCopy(path, read);
			if (found !== null) return found.result;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
		}
	} catch (error) {
		throw storeErrorOf(error, path);
	}
	throw new StoreError(`${path} changes too fast to be read.`, 'Try again.');
}

/** A text that changes with each commit. While the latest is too fresh to be sure, it changes at each call. */
export function stampOf(path: string): string {
	const parts = [path, `${path}-wal`].map(file => {
		const stat = statSync(file, {throwIfNoEntry: false, bigint: true});
		if (stat === undefined) return '-';
		const isFresh = Math.abs(Date.now() - Number(stat.mtimeNs / 1_000_000n)) < settledAfterMs;
		return `${stat.ino}.${stat.size}.${stat.mtimeNs}${isFresh ? `.${performance.now()}` : ''}`;
	});
	return parts.join(' ');
}

/** The result of a read; null when the database could not be read that way. */
type ReadResult<T> = {readonly result: T} | null;

/** Reads the file itself. Null when that would leave a file beside it, or is not possible here. */
function readInPlace<T>(path: string, read: (db: Foreign) => T): ReadResult<T> {
	if (!isOpenElsewhere(path) && isWalMode(path)) return null;
	try {
		const db = new Database(path, {readonly: true, fileMustExist: true, timeout: busyTimeoutMs});
		return readAndClose(db, read);
	} catch (error) {
		// The files beside it have just gone, or cannot be opened or locked here.
		if (/^SQLITE_(CANTOPEN|READONLY|PROTOCOL|IOERR)/.test(codeOf(error))) return null;
		throw error;
	}
}

/** Reads a copy in a temporary folder, which is removed before `read` begins. Null when somebody wrote meanwhile. */
function readCopy<T>(path: string, read: (db: Foreign) => T): ReadResult<T> {
	const folder = mkdtempSync(join(tmpdir(), 'raid-'));
	const remove = () => rmSync(folder, {recursive: true, force: true});
	try {
		const copy = join(folder, 'copy.db');
		const stamp = stampOf(path);
		for (const suffix of ['', '-wal']) copyFile(`${path}${suffix}`, `${copy}${suffix}`);
		if (stampOf(path) !== stamp) return null;
		return readAndClose(new Database(copy), db => {
			// The first query opens the files beside it too.
			db.prepare('SELECT 1 FROM sqlite_master').get();
			remove();
			return read(db);
		});
	} finally {
		remove();
	}
}

function readAndClose<T>(db: Foreign, read: (db: Foreign) => T): ReadResult<T> {
	try {
		return {result: db.transaction(() => read(db)).deferred()};
	} finally {
		db.close();
	}
}

/**
 * Copies a file, if it is still there. Piece by piece, because Node's own copy never ends when the file becomes shorter
 * meanwhile, as a -wal does.
 */
function copyFile(from: string, to: string): void {
	const source = existsSync(from) ? openSync(from, 'r') : null;
	if (source === null) return;
	const target = openSync(to, 'wx', 0o600);
	try {
		const piece = Buffer.allocUnsafe(pieceSize);
		for (let size = readSync(source, piece); size > 0; size = readSync(source, piece))
			writeSync(target, piece, 0, size);
	} finally {
		closeSync(target);
		closeSync(source);
	}
}

function isOpenElsewhere(path: string): boolean {
	return existsSync(`${path}-wal`) && existsSync(`${path}-shm`);
}

/** True when the two bytes of the header for writing and reading say WAL. */
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

function storeErrorOf(error: unknown, path: string): unknown {
	const code = codeOf(error);
	if (code.startsWith('SQLITE_NOTADB')) return new StoreError(`${path} is not an SQLite database.`);
	if (code.startsWith('SQLITE_CORRUPT')) return new StoreError(`${path} is damaged.`);
	if (/^(SQLITE_(CANTOPEN|BUSY|IOERR|READONLY|PROTOCOL)|E[A-Z]+$)/.test(code)) {
		return new StoreError(`${path} cannot be read (${(error as Error).message}).`);
	}
	return error;
}
