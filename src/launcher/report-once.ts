import {describeError} from '../errors.ts';

const reported = new Set<string>();
// Each names something of its own, as in a flood of bad files: then the first ones say enough.
const mostReported = 1000;

/** Reports a failure that must not end the supervision of an agent; each once, because it may recur ten times a second. */
export function reportOnce(error: unknown): void {
	const text = describeError(error);
	if (reported.has(text) || reported.size >= mostReported) return;
	console.error(process.env.RAID_DEBUG ? error : `raid: ${text}`);
	reported.add(text);
}
