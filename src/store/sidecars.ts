import {chmodSync, lstatSync, statSync} from 'node:fs';

const privately = 0o600;
const writableByOwner = 0o200;

/**
 * Makes the files beside a database (its log and the index of that) writable again, where the database itself is. SQLite gives
 * them the mode that the database has when they are made, and never a better one: after a moment in which the database was
 * read-only nobody could write it any more.
 */
export function mendSidecars(path: string): void {
	const database = statSync(path, {throwIfNoEntry: false});
	if (database === undefined || (database.mode & writableByOwner) === 0) return;
	for (const sidecar of [`${path}-wal`, `${path}-shm`]) {
		const stats = lstatSync(sidecar, {throwIfNoEntry: false});
		const isOwn = stats?.isFile() === true && stats.uid === process.getuid?.();
		if (isOwn && (stats.mode & writableByOwner) === 0) chmodSync(sidecar, privately);
	}
}
