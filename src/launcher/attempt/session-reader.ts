import {OutputFollower} from '../../logs/follow.ts';
import {afterEvent, emptySummary, type OutputSummary} from '../../model/attempt.ts';
import type {Instant} from '../../model/time.ts';
import {type Provider, parseObject, readEvents} from '../../providers/provider.ts';
import {reportOnce} from '../report-once.ts';

/**
 * Reads the session file of a CLI while an attempt runs. It has what the output does not have before the end, or not at
 * all: the tokens of each answer, and commands that a sandbox stopped.
 */
export class SessionReader {
	/** Path of the session file. */
	readonly path: string;
	readonly #provider: Provider;
	readonly #since: Instant;
	readonly #follower: OutputFollower;
	#summary = emptySummary;

	/** `since` is the start of the attempt: what an attempt before it wrote into the same file is left out. */
	constructor(path: string, provider: Provider, since: Instant) {
		this.path = path;
		this.#provider = provider;
		this.#since = since;
		this.#follower = new OutputFollower(path);
	}

	/** Reads what was added since the last call, until `isEnough`, and returns the summary of all. */
	read(isEnough?: () => boolean): OutputSummary {
		for (const line of this.#follower.read(isEnough)) {
			// A line that was too long to be read is one of a tool's results.
			if (typeof line !== 'string' || !this.#isNew(line)) continue;
			const origin = {output: 'session', fields: null, now: this.#since} as const;
			this.#summary = readEvents(this.#provider, line, origin, reportOnce).reduce(afterEvent, this.#summary);
		}
		return this.#summary;
	}

	/** Lines of all three CLIs have a time; one without it is of no attempt. */
	#isNew(line: string): boolean {
		const {timestamp} = parseObject<{timestamp?: unknown}>(line) ?? {};
		return typeof timestamp === 'string' && Date.parse(timestamp) >= this.#since;
	}
}
