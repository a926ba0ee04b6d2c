import {offsetOfLastLines, readBytes} from './end.ts';
import {OutputFollower} from './follow.ts';
import type {Part} from './play.ts';

/** Turns the lines of one attempt into items to show. */
export interface Renderer<T> {
	/** Items that stand before the first line. */
	readonly begin: readonly T[];
	readonly line: (line: string) => readonly T[];
	readonly end: () => readonly T[];
}

/** The lines of a file, rendered. */
export function linePart<T>(path: string, {begin, line, end}: Renderer<T>): Part<T> {
	const follower = new OutputFollower(path);
	let heading = begin;
	function* rendered(lines: Iterable<string>): Generator<T> {
		yield* heading;
		heading = [];
		for (const text of lines) yield* line(text);
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
