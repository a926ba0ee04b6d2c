import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import type {Instant} from '../model/time.ts';
import type {SessionFilePattern} from '../providers/provider.ts';

/** The instant at which one of the files last changed; null when none of them exists. */
export function lastOutputAt(paths: readonly string[]): Instant | null {
	const times = paths
		.map(path => statSync(path, {throwIfNoEntry: false})?.mtimeMs)
		.filter(time => time !== undefined);
	return times.length === 0 ? null : Math.round(Math.max(...times));
}

/** The size of all the files together, in bytes. */
export function outputSize(paths: readonly string[]): number {
	const sizes = paths.map(path => statSync(path, {throwIfNoEntry: false})?.size ?? 0);
	return sizes.reduce((sum, size) => sum + size, 0);
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
