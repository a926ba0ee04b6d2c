import {closeSync, fstatSync, readSync, statSync} from 'node:fs';
import {StringDecoder} from 'node:string_decoder';
import {openToRead} from '../files/open.ts';

const chunkSize = 256 * 1024;
const longestLine = 1024 * 1024;
// A flood is read in pieces, so that one look never takes long.
const mostAtOnce = 16 * 1024 * 1024;

/** Follows a growing file of lines. Skips a line above 1 MiB; reads a file that shrank from its new start. */
export class OutputFollower {
	readonly #path: string;
	#offset = 0;
	#decoder = new StringDecoder('utf8');
	#rest = '';
	#isSkipping = false;

	constructor(path: string) {
		this.#path = path;
	}

	/** The whole lines that were added since the last call, 16 MiB at most. None when the file is not there. */
	*read(mostBytes = mostAtOnce): Generator<string> {
		const file = openToRead(this.#path);
		if (file === null) return;
		try {
			if (fstatSync(file).size < this.#offset) this.#startAgain();
			yield* this.#readFrom(file, mostBytes);
		} finally {
			closeSync(file);
		}
	}

	/** Everything that is in the file now, with a last line that has no line break. */
	*readToEnd(): Generator<string> {
		// Not more: a process that an agent left behind may print for ever.
		const size = statSync(this.#path, {throwIfNoEntry: false})?.size ?? 0;
		yield* this.read(Math.max(1, size - this.#offset));
		if (this.#rest !== '') yield this.#rest;
		this.#rest = '';
	}

	#startAgain(): void {
		this.#offset = 0;
		this.#decoder = new StringDecoder('utf8');
		this.#rest = '';
		this.#isSkipping = false;
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
		const lines = this.#isSkipping && parts.length > 0 ? parts.slice(1) : parts;
		if (parts.length > 0) this.#isSkipping = false;
		if (this.#isSkipping || this.#rest.length > longestLine) {
			this.#isSkipping = true;
			this.#rest = '';
		}
		return lines;
	}
}
