import {fstatSync, readdirSync, type Stats, statSync} from 'node:fs';
import {join} from 'node:path';
import type {Instant} from '../model/time.ts';
import type {SessionFilePattern} from '../providers/provider.ts';

/** A file by its path, or by a descriptor that somebody keeps open. */
export type FileName = string | number;

/** The instant at which one of the files last changed; null when none of them exists. */
export function lastOutputAt(files: readonly FileName[]): Instant | null {
	const times = files.map(file => statsOf(file)?.mtimeMs).filter(time => time !== undefined);
	return times.length === 0 ? null : Math.round(Math.max(...times));
}

/** The size of all the files together, in bytes. */
export function outputSize(files: readonly FileName[]): number {
	return files.map(file => statsOf(file)?.size ?? 0).reduce((sum, size) => sum + size, 0);
}

function statsOf(file: FileName): Stats | undefined {
	return typeof file === 'number' ? fstatSync(file) : statSync(file, {throwIfNoEntry: false});
}

/** The file below `folder`, at any depth, whose name has the ending. Null when there is none, or no folder to read. */
export function findFile({folder, ending}: SessionFilePattern): string | null {
	try {
		const names = readdirSync(folder, {recursive: true, encoding: 'utf8'});
		const found = names.find(name => name.endsWith(ending));
		return found === undefined ? null : join(folder, found);
	} catch {
		return null;
	}
}
