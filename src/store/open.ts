import {chmodSync, closeSync, openSync} from 'node:fs';
import Database from 'better-sqlite3';
import {codeOf, StoreError} from '../errors.ts';
import {importRecords} from './import.ts';
import {type Patience, patiently, setPatience, shortWaitMs, usualPatience} from './patience.ts';
import {fileOf, rememberFile, requireSameFile} from './replaced.ts';
import {migrations} from './schema.ts';
import {mendSidecars} from './sidecars.ts';
import {statement} from './statements.ts';
import {isoTime} from './time.ts';

/** An open database of ours, of the newest schema. */
export type Store = Database.Database;

// While several processes write without a pause, the write-ahead log grows, because somebody always reads it. Afterwards
// it is cut to this.
const longestLog = 16 * 1024 * 1024;

/** How a store is opened. */
export interface OpenOptions {
	/** Id of this machine: each event says where it happened. */
	readonly machine: string;
	/** Makes the store when it is not there. */
	readonly isNew?: boolean;
	/** Called before the store of an older version is migrated; it throws to leave the store as it is. */
	readonly beforeMigration?: (store: Store) => void;
	/** How it waits for other writers, from now on. */
	readonly patience?: Patience;
}

/**
 * Opens the store, and brings it to the newest schema. Throws a StoreError, and leaves the file as it was, when it is not
 * an SQLite database, not one of ours, of a newer schema, or cannot be written.
 */
export function openStore(path: string, options: OpenOptions): Store {
	const {machine, isNew = false, beforeMigration, patience = usualPatience} = options;
	let store: Store | undefined;
	try {
		if (isNew) closeSync(openSync(path, 'a', 0o600));
		const opened = openFile(path, patience);
		store = opened;
		patiently(store, () => {
			requireOurs(opened, path, isNew);
			opened.pragma('foreign_keys = ON');
			opened.pragma('journal_mode = WAL');
			opened.pragma('synchronous = NORMAL');
			opened.pragma(`journal_size_limit = ${longestLog}`);
		});
		store.function('raid_machine', () => machine);
		migrate(store, beforeMigration);
		if (isNew) chmodSync(path, 0o600);
		return store;
	} catch (error) {
		store?.close();
		throw storeErrorOf(error, path);
	}
}

/**
 * Opens a store to read it, and changes nothing: neither its settings nor its schema. Throws a StoreError as `openStore`
 * does, and for one that must be migrated first.
 */
export function openReadOnly(path: string): Store {
	let store: Store | undefined;
	try {
		// Never as immutable: others write it meanwhile.
		const opened = openFile(path, usualPatience, true);
		store = opened;
		patiently(store, () => requireOurs(opened, path, false));
		if (appliedMigrations(store).length === migrations.length) return store;
		throw new StoreError(`${path} is of an older version.`, 'It is migrated by a command outside of spawns.');
	} catch (error) {
		store?.close();
		if (codeOf(error) !== 'SQLITE_CANTOPEN') throw storeErrorOf(error, path);
		throw new StoreError(
			`${path} cannot be read inside this spawn (${(error as Error).message}).`,
			'To post, raid send does not need it.',
		);
	}
}

/** Opens a store without migrating it, for what must work before that. */
export function openUnmigrated(path: string, patience = usualPatience): Store {
	let store: Store | undefined;
	try {
		const opened = openFile(path, patience);
		store = opened;
		patiently(store, () => requireOurs(opened, path, false));
		store.pragma('foreign_keys = ON');
		return store;
	} catch (error) {
		store?.close();
		throw storeErrorOf(error, path);
	}
}

function openFile(path: string, patience: Patience, isReadOnly = false): Store {
	if (!isReadOnly) mendSidecars(path);
	const file = fileOf(path);
	const store = new Database(path, {readonly: isReadOnly, fileMustExist: true, timeout: shortWaitMs});
	rememberFile(store, file);
	setPatience(store, patience);
	return store;
}

/**
 * Runs a change as one IMMEDIATE transaction: it waits for other writers, as long as the store's patience allows, then is
 * alone until it is done. Throws a StoreBusyError, and a StoreReplacedError.
 */
export function writing<T>(store: Store, change: () => T): T {
	if (!store.inTransaction) requireSameFile(store);
	return patiently(store, begin => {
		const begun = () => {
			begin();
			return change();
		};
		return store.transaction(begun).immediate();
	});
}

/** Runs changes so that each is on the disk, and survives a power cut, when it is made. Outside of a transaction. */
export function durably<T>(store: Store, change: () => T): T {
	store.pragma('synchronous = FULL');
	try {
		return change();
	} finally {
		store.pragma('synchronous = NORMAL');
	}
}

/** Runs reads as one transaction, so that they see one state of the store. */
export function reading<T>(store: Store, read: () => T): T {
	return store.transaction(read).deferred();
}

function requireOurs(store: Store, path: string, isNew: boolean): void {
	const tables = store
		.prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table'`)
		.pluck()
		.all();
	if (tables.length === 0 && isNew) return;
	if (!tables.includes('raid_migrations')) {
		throw new StoreError(
			`${path} is not a raidwatch store.`,
			'Its tables belong to another program; nothing was changed.',
		);
	}
	const known = new Set(migrations.map(migration => migration.name));
	const unknown = appliedMigrations(store).find(name => !known.has(name));
	if (unknown !== undefined) {
		throw new StoreError(
			`${path} was written by a newer raidwatch (${unknown}).`,
			'Update raidwatch to open it.',
		);
	}
}

function appliedMigrations(store: Store): readonly string[] {
	return store.prepare<[], string>('SELECT name FROM raid_migrations ORDER BY name').pluck().all();
}

function migrate(store: Store, beforeMigration: OpenOptions['beforeMigration']): void {
	const hasTable =
		store.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'raid_migrations'`).get() !== undefined;
	if (hasTable && appliedMigrations(store).length === migrations.length) return;
	writing(store, () => {
		store.exec(
			'CREATE TABLE IF NOT EXISTS raid_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)',
		);
		const applied = new Set(appliedMigrations(store));
		const missing = migrations.filter(migration => !applied.has(migration.name));
		// Another process may have migrated it meanwhile.
		if (missing.length === 0) return;
		if (applied.size > 0) beforeMigration?.(store);
		const now = Date.now();
		for (const {name, sql} of missing) {
			store.exec(sql);
			store.prepare('INSERT INTO raid_migrations (name, applied_at) VALUES (?, ?)').run(name, isoTime(now));
		}
		// After all of them, because it reads by the newest schema.
		if (applied.size > 0 && missing.some(({name}) => name === '003-log')) importRecords(store, now);
	});
}

function storeErrorOf(error: unknown, path: string): unknown {
	if (!(error instanceof Error) || codeOf(error) === '' || error instanceof StoreError) return error;
	switch (codeOf(error).replace(/^(SQLITE_[A-Z]+).*/, '$1')) {
		case 'SQLITE_NOTADB':
			return new StoreError(`${path} is not an SQLite database.`, 'Nothing was changed.');
		case 'SQLITE_CORRUPT':
			return new StoreError(`${path} is damaged: ${error.message}.`, 'Nothing was changed.');
		case 'SQLITE_READONLY':
		case 'EROFS':
		case 'EACCES':
			return new StoreError(
				`${path} cannot be written (${error.message}).`,
				'Its disk and folder, and the file with its -wal and -shm, must be writable for you.',
			);
		default:
			return new StoreError(`${path} cannot be opened (${error.message}).`);
	}
}

/** A number that grows with each row that this connection writes. */
export function countWrites(store: Store): number {
	return statement<[], number>(store, 'SELECT total_changes()').pluck().get() ?? 0;
}

/** A text that changes with each commit, of another connection or of this one. */
export function storeVersion(store: Store): string {
	return `${store.pragma('data_version', {simple: true})}-${countWrites(store)}`;
}
