import {closeSync, fstatSync, openSync, readdirSync, readSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {StringDecoder} from 'node:string_decoder';
import type {Instant} from '../model/time.ts';
import type {SessionFilePattern} from '../providers/provider.ts';

const chunkSize = 256 * 1024;
const longestLine = 1024 * 1024;
// A flood is read in pieces, so that one look never takes long.
const mostAtOnce = 16 * 1024 * 1024;

/** Follows a growing file of lines. A line above 1 MiB is passed over; a file that shrank is read from its new start. */
export class OutputFollower {
	readonly #path: string;
	#offset = 0;
	#decoder = new StringDecoder('utf8');
	#rest = '';
	#isPassingOver = false;

	constructor(path: string) {
		this.#path = path;
	}

	/** The whole lines that came since the last call, as far as one look goes. None when the file is not there. */
	*read(mostBytes = mostAtOnce): Generator<string> {
		const file = openIfThere(this.#path);
		if (file === null) return;
		try {
			if (fstatSync(file).size < this.#offset) this.#startAgain();
			yield* this.#readFrom(file, mostBytes);
		} finally {
			closeSync(file);
		}
	}

	/** All that is there at the moment, the last line also when it does not end. */
	*readToEnd(): Generator<string> {
		// No more than that: what is left behind by an agent may print for ever.
		const size = statSync(this.#path, {throwIfNoEntry: false})?.size ?? 0;
		yield* this.read(Math.max(1, size - this.#offset));
		if (this.#rest !== '') yield this.#rest;
		this.#rest = '';
	}

	#startAgain(): void {
		this.#offset = 0;
		this.#decoder = new StringDecoder('utf8');
		this.#rest = '';
		this.#isPassingOver = false;
	}

	*#readFrom(file: number, mostBytes: number): Generator<string> {
		const chunk = Buffer.allocUnsafe(chunkSize);
		for (let read = 0; read < mostBytes; ) {
			const size = readSync(file, chunk, 0, chunkSize, this.#offset);
			if (size === 0) break;
			read += size;
			this.#offset += size;
			yield* this.#linesOf(this.#decoder.write(chunk.subarray(0, size)));
		}
	}

	#linesOf(text: string): readonly string[] {
		const parts = (this.#rest + text).split('\n');
		this.#rest = parts.pop() ?? '';
		const lines = this.#isPassingOver && parts.length > 0 ? parts.slice(1) : parts;
		if (parts.length > 0) this.#isPassingOver = false;
		if (this.#isPassingOver || this.#rest.length > longestLine) {
			this.#isPassingOver = true;
			this.#rest = '';
		}
		return lines;
	}
}

/** The lines in the last MiB of a file; none when it is not there. */
export function readLastLines(path: string): readonly string[] {
	const file = openIfThere(path);
	if (file === null) return [];
	try {
		const {size} = fstatSync(file);
		const start = Math.max(0, size - longestLine);
		const end = Buffer.alloc(size - start);
		const read = readSync(file, end, 0, end.length, start);
		const lines = end.toString('utf8', 0, read).split('\n');
		return start === 0 ? lines : lines.slice(1);
	} finally {
		closeSync(file);
	}
}

/** The bytes of a file from an offset on, in pieces; none when it is not there. */
export function* readBytes(path: string, offset: number): Generator<Buffer> {
	const file = openIfThere(path);
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

/** Where the last `count` lines of a file begin; 0 when it is not there, or has no more than these. */
export function offsetOfLastLines(path: string, count: number): number {
	const file = openIfThere(path);
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

/** When one of the files last changed; null when there is none. */
export function lastOutputAt(paths: readonly string[]): Instant | null {
	const times = paths
		.map(path => statSync(path, {throwIfNoEntry: false})?.mtimeMs)
		.filter(time => time !== undefined);
	return times.length === 0 ? null : Math.round(Math.max(...times));
}

/** Bytes in all of the files. */
export function outputSize(paths: readonly string[]): number {
	const sizes = paths.map(path => statSync(path, {throwIfNoEntry: false})?.size ?? 0);
	return sizes.reduce((sum, size) => sum + size, 0);
}

/** The file below `folder`, at any depth, whose name ends so; null when there is none, or it cannot be looked for. */
export function findFile({folder, ending}: SessionFilePattern): string | null {
	try {
		const names = readdirSync(folder, {recursive: true, encoding: 'utf8'});
		const found = names.find(name => name.endsWith(ending));
		return found === undefined ? null : join(folder, found);
	} catch {
		return null;
	}
}

function openIfThere(path: string): number | null {
	try {
		return openSync(path, 'r');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
		throw error;
	}
}
