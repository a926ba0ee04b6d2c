import {closeSync, fstatSync, readSync} from 'node:fs';
import {openToRead} from '../files/open.ts';
import {type Start, startOfFile} from './follow.ts';

const chunkSize = 256 * 1024;

/** The bytes of a file from an offset on, in chunks. None when the file is not there. */
export function* readBytes(path: string, offset: number): Generator<Buffer> {
	const file = openToRead(path);
	if (file === null) return;
	try {
		for (let at = offset; ; ) {
			const chunk = Buffer.allocUnsafe(chunkSize);
			const size = readSync(file, chunk, 0, chunkSize, at);
			if (size === 0) return;
			at += size;
			yield chunk.subarray(0, size);
		}
	} finally {
		closeSync(file);
	}
}

/** The offset at which the last `count` lines of a file begin; 0 when the file is missing or has fewer lines. */
export function offsetOfLastLines(path: string, count: number): number {
	return startOfLastLines(path, count, Number.POSITIVE_INFINITY).offset;
}

/** Where the last `count` lines of a file begin, or its last `mostBytes`, when those are less. */
export function startOfLastLines(path: string, count: number, mostBytes: number): Start {
	const file = openToRead(path);
	if (file === null) return startOfFile;
	try {
		const {size} = fstatSync(file);
		const first = Math.max(0, size - mostBytes);
		const found = findLines(file, count, {first, size});
		if (found !== null) return {offset: found, leftOut: null};
		return first === 0 ? startOfFile : {offset: first, leftOut: {what: 'output', bytes: first}};
	} finally {
		closeSync(file);
	}
}

/** Reads backwards, down to the offset `first`. */
function findLines(
	file: number,
	count: number,
	{first, size}: {readonly first: number; readonly size: number},
): number | null {
	if (count === 0) return size;
	const chunk = Buffer.allocUnsafe(chunkSize);
	// The line break at the very end ends the last line.
	let breaks = -1;
	for (let end = size; end > first; ) {
		const start = Math.max(first, end - chunkSize);
		const read = readSync(file, chunk, 0, end - start, start);
		for (let at = read - 1; at >= 0; at -= 1) {
			const isBreak = chunk[at] === 0x0a;
			if (isBreak || start + at === size - 1) breaks += 1;
			if (isBreak && breaks === count) return start + at + 1;
		}
		end = start;
	}
	return null;
}
