import {closeSync, fstatSync, readSync} from 'node:fs';
import {openToRead} from '../files/open.ts';

const chunkSize = 256 * 1024;
const endSize = 1024 * 1024;

/** The lines in the last MiB of a file. None when the file is not there. */
export function readLastLines(path: string): readonly string[] {
	const file = openToRead(path);
	if (file === null) return [];
	try {
		const {size} = fstatSync(file);
		const start = Math.max(0, size - endSize);
		const end = Buffer.alloc(size - start);
		const read = readSync(file, end, 0, end.length, start);
		const lines = end.toString('utf8', 0, read).split('\n');
		return start === 0 ? lines : lines.slice(1);
	} finally {
		closeSync(file);
	}
}

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
	const file = openToRead(path);
	if (file === null) return 0;
	try {
		const {size} = fstatSync(file);
		if (count === 0) return size;
		const chunk = Buffer.allocUnsafe(chunkSize);
		// The line break at the very end ends the last line.
		let breaks = -1;
		for (let end = size; end > 0; ) {
			const start = Math.max(0, end - chunkSize);
			const read = readSync(file, chunk, 0, end - start, start);
			for (let at = read - 1; at >= 0; at -= 1) {
				const isBreak = chunk[at] === 0x0a;
				if (isBreak || start + at === size - 1) breaks += 1;
				if (isBreak && breaks === count) return start + at + 1;
			}
			end = start;
		}
		return 0;
	} finally {
		closeSync(file);
	}
}
