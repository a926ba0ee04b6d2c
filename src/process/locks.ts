import {readFileSync, statSync} from 'node:fs';
import {readArguments} from './table.ts';

// Where SQLite locks: a byte of the index of a write-ahead log, or from this one on in the database itself.
const writeAheadLock = 120;
const rollbackLock = 0x40000000;
const longestCommand = 60;

/**
 * The process that has the write lock of an SQLite database, as `PID 17: python3 import.py`; null when nobody has it, or the
 * system does not show it.
 */
export function writerOf(database: string): string | null {
	const index = inodeOf(`${database}-shm`);
	const file = inodeOf(database);
	const found = readLocks().find(
		({inode, first, last}) =>
			(inode === index && first <= writeAheadLock && last >= writeAheadLock) ||
			(inode === file && last >= rollbackLock),
	);
	if (found === undefined) return null;
	const command = readArguments(found.pid).join(' ').trim().slice(0, longestCommand);
	return `PID ${found.pid}${command === '' ? '' : `: ${command}`}`;
}

interface Lock {
	readonly pid: number;
	readonly inode: number;
	readonly first: number;
	readonly last: number;
}

/** The write locks of all processes; none where the system does not list them. */
function readLocks(): readonly Lock[] {
	try {
		return readFileSync('/proc/locks', 'utf8').split('\n').flatMap(lockOf);
	} catch {
		return [];
	}
}

// `1: POSIX  ADVISORY  WRITE 1234 08:01:5678 120 120`
function lockOf(line: string): readonly Lock[] {
	const [, , , access, pid, place, first, last] = line.split(/ +/);
	if (access !== 'WRITE' || place === undefined) return [];
	return [
		{
			pid: Number(pid),
			inode: Number(place.split(':')[2]),
			first: Number(first),
			last: last === 'EOF' ? Number.POSITIVE_INFINITY : Number(last),
		},
	];
}

function inodeOf(path: string): number | null {
	return statSync(path, {throwIfNoEntry: false})?.ino ?? null;
}
