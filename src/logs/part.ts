import {UnsafeFileError} from '../files/open.ts';
import {offsetOfLastLines, readBytes} from './end.ts';
import {OutputFollower, type OutputLine, type Start, startOfFile} from './follow.ts';
import type {Part} from './play.ts';

/** Turns the lines of one attempt into items to show. */
export interface Renderer<T> {
	/** Items that stand before the first line. */
	readonly begin: readonly T[];
	readonly line: (line: OutputLine) => readonly T[];
	/** Why there is nothing to show. */
	readonly note: (text: string) => readonly T[];
	readonly end: () => readonly T[];
}

/** The lines of a file, rendered. Of a file that is not safe to open, a note says so. */
export function linePart<T>(
	path: string,
	{begin, line, note, end}: Renderer<T>,
	start: Start = startOfFile,
): Part<T> {
	const follower = new OutputFollower(path, start);
	let heading = begin;
	let isRefused = false;
	function* rendered(lines: Iterable<OutputLine>): Generator<T> {
		yield* heading;
		heading = [];
		if (isRefused) return;
		try {
			for (const text of lines) yield* line(text);
		} catch (error) {
			if (!(error instanceof UnsafeFileError)) throw error;
			isRefused = true;
			yield* note(error.message);
		}
	}
	return {
		look: () => rendered(follower.read()),
		*end() {
			yield* rendered(follower.readToEnd());
			yield* end();
		},
	};
}

/** The bytes of a file as they are, from its last `tail` lines on; undefined for all of them. */
export function bytePart(path: string, tail: number | undefined): Part<Uint8Array> {
	let offset = tail === undefined ? 0 : offsetOfLastLines(path, tail);
	function* look(): Generator<Uint8Array> {
		for (const bytes of readBytes(path, offset)) {
			offset += bytes.length;
			yield bytes;
		}
	}
	return {look, end: look};
}
