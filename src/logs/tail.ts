import {startOfLastLines} from './end.ts';
import {OutputFollower, type OutputLine, type Start} from './follow.ts';

// Lines that show nothing may be many, and one line may be as long as the file.
const mostBytes = 64 * 1024 * 1024;
const growth = 4;

/**
 * Where to begin in a file so that its end gives enough: the first of ever more lines from the end for which `isEnough`
 * says so, else its beginning, or its last 64 MiB. Only the end is read.
 */
export function startOfTail(
	path: string,
	count: number,
	isEnough: (lines: Iterable<OutputLine>) => boolean,
): Start {
	if (count === 0) return startOfLastLines(path, 0, mostBytes);
	for (let lines = count; ; lines *= growth) {
		const start = startOfLastLines(path, lines, mostBytes);
		if (start.offset === 0 || start.leftOut !== null) return start;
		if (isEnough(new OutputFollower(path, start).readToEnd())) return start;
	}
}
