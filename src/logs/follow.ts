import {closeSync, fstatSync, readSync} from 'node:fs';
import {StringDecoder} from 'node:string_decoder';
import {openToRead} from '../files/open.ts';
import type {LeftOut} from '../model/attempt.ts';

/** A line of output, or what was left out in its place. */
export type OutputLine = string | LeftOut;

/** Where the reading of a file begins. */
export interface Start {
	readonly offset: number;
	/** What is before it, when that is within a line; null where a line begins. */
	readonly leftOut: LeftOut | null;
}

/** The beginning of a file. */
export const startOfFile: Start = {offset: 0, leftOut: null};

const chunkSize = 256 * 1024;
const longestLine = 1024 * 1024;
// A flood is read in pieces, so that one look never takes long.
const mostAtOnce = 16 * 1024 * 1024;

/**
 * Follows a growing file of lines: by its path, or by a descriptor that the caller keeps open, so that nobody can put
 * another file in its place. Leaves out a line above 1 MiB; reads a file that shrank from its new start.
 */
export class OutputFollower {
	readonly #file: string | number;
	#offset: number;
	#decoder = new StringDecoder('utf8');
	#rest = '';
	/** What is being left out, up to the next line break. */
	#leftOut: LeftOut | null;

	constructor(file: string | number, {offset, leftOut}: Start = startOfFile) {
		this.#file = file;
		this.#offset = offset;
		this.#leftOut = leftOut;
	}

	/** The whole lines that were added since the last call, 16 MiB at most, or until `isEnough`. None when there is no file. */
	*read(isEnough: () => boolean = () => false): Generator<OutputLine> {
		yield* this.#reading(file => this.#readFrom(file, mostAtOnce, isEnough));
	}

	/** Everything that is in the file now, or its last `mostBytes`, with a last line that has no line break. */
	*readToEnd(mostBytes = Number.POSITIVE_INFINITY): Generator<OutputLine> {
		yield* this.#reading(file => {
			// Not more than there is now: a process that an agent left behind may print for ever.
			const left = fstatSync(file).size - this.#offset;
			if (left > mostBytes) this.#skip(left - mostBytes);
			return this.#readFrom(file, Math.max(1, Math.min(left, mostBytes)));
		});
		if (this.#leftOut !== null) yield this.#leftOut;
		else if (this.#rest !== '') yield this.#rest;
		this.#leftOut = null;
		this.#rest = '';
	}

	*#reading(read: (file: number) => Generator<OutputLine>): Generator<OutputLine> {
		const file = typeof this.#file === 'number' ? this.#file : openToRead(this.#file);
		if (file === null) return;
		try {
			if (fstatSync(file).size < this.#offset) this.#begin(startOfFile);
			yield* read(file);
		} finally {
			if (file !== this.#file) closeSync(file);
		}
	}

	#skip(bytes: number): void {
		const leftOut = {what: 'output', bytes: bytes + Buffer.byteLength(this.#rest)} as const;
		this.#begin({offset: this.#offset + bytes, leftOut});
	}

	#begin({offset, leftOut}: Start): void {
		this.#offset = offset;
		this.#decoder = new StringDecoder('utf8');
		this.#rest = '';
		this.#leftOut = leftOut;
	}

	*#readFrom(file: number, mostBytes: number, isEnough: () => boolean = () => false): Generator<OutputLine> {
		const chunk = Buffer.allocUnsafe(chunkSize);
		for (let read = 0; read < mostBytes; ) {
			const size = readSync(file, chunk, 0, chunkSize, this.#offset);
			if (size === 0) break;
			read += size;
			this.#offset += size;
			yield* this.#linesOf(this.#decoder.write(chunk.subarray(0, size)));
			if (isEnough()) break;
		}
	}

	#linesOf(text: string): readonly OutputLine[] {
		const parts = (this.#rest + text).split('\n');
		this.#rest = parts.pop() ?? '';
		const lines = this.#leftOut === null ? parts : this.#endLeftOut(this.#leftOut, parts);
		if (this.#leftOut !== null || this.#rest.length > longestLine) {
			this.#leftOut = withMore(this.#leftOut ?? {what: 'line', bytes: 0}, this.#rest);
			this.#rest = '';
		}
		return lines;
	}

	/** The first part is the end of what is left out. */
	#endLeftOut(leftOut: LeftOut, [first, ...parts]: readonly string[]): readonly OutputLine[] {
		if (first === undefined) return [];
		this.#leftOut = null;
		return [withMore(leftOut, first), ...parts];
	}
}

function withMore({what, bytes}: LeftOut, text: string): LeftOut {
	return {what, bytes: bytes + Buffer.byteLength(text)};
}
