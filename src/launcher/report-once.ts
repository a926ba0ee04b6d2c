import {describeError} from '../errors.ts';

const reported = new Set<string>();

/** Tells a failure that must not end the supervision of an agent, each once: what fails may be tried ten times a second. */
export function reportOnce(error: unknown): void {
	const text = describeError(error);
	if (!reported.has(text)) console.error(process.env.RAID_DEBUG ? error : `raid: ${text}`);
	reported.add(text);
}
