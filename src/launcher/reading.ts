import type {Fields} from '../model/agent.ts';
import {
	afterEvent,
	type Exit,
	emptyTranscript,
	type ProviderEvent,
	type Transcript,
	type Usage,
} from '../model/attempt.ts';
import type {Spawn} from '../model/spawn.ts';
import {type Instant, type Milliseconds, minute, second} from '../model/time.ts';
import {canPass} from '../providers/failure.ts';
import {type Output, type Provider, readEvents} from '../providers/provider.ts';
import {findAgent} from '../store/agents.ts';
import {setProgress, setTranscript, usageOfSession} from '../store/attempts.ts';
import {attemptFiles} from '../workspace/paths.ts';
import type {World} from '../world.ts';
import {findFile, lastOutputAt, OutputFollower, outputSize} from './output.ts';
import {reportOnce} from './report.ts';

const longestLastWords = 300;
const quotaGraceMs: Milliseconds = 10 * second;
// What is over sooner a CLI may as well wait for itself.
const longestOwnWaitMs: Milliseconds = 5 * minute;

/** Reads what an attempt prints, and records what that reveals as it comes. */
export class Reading {
	readonly #world: World;
	readonly #spawn: Spawn;
	readonly #attempt: number;
	readonly #provider: Provider;
	readonly #fields: Fields | null;
	readonly #followers: readonly (readonly [Output, OutputFollower])[];
	/** The files whose growth is a sign of life. */
	#files: readonly string[];
	#transcript = emptyTranscript;
	#recorded = emptyTranscript;
	#lastWords: string | null = null;
	#retrySince: Instant | null;
	#size = -1;
	#grownAt = performance.now();
	#searchAt = 0;
	#searchPauseMs: Milliseconds = second;

	constructor(world: World, spawn: Spawn, attempt: number, provider: Provider) {
		const {output, errors} = attemptFiles(world.home, spawn.id, attempt);
		this.#world = world;
		this.#spawn = spawn;
		this.#attempt = attempt;
		this.#provider = provider;
		this.#fields = findAgent(world.store, spawn.agent)?.launch?.fields ?? null;
		this.#files = [output, errors];
		this.#followers = [
			['output', new OutputFollower(output)],
			['errors', new OutputFollower(errors)],
		];
		this.#retrySince = spawn.retry?.since ?? null;
	}

	/** Reads the lines that came since the last look. */
	look(): void {
		this.#take(follower => follower.read());
		this.#searchTranscript();
		const size = outputSize(this.#files);
		// Lines that only tell of one more try are no sign of life.
		if (size !== this.#size && this.#transcript.retry === null) this.#grownAt = performance.now();
		this.#size = size;
	}

	/**
	 * Reads all that is left, after the end of the process; all that was told. Of a CLI that failed without a word in its
	 * output, the last one on standard error is the error.
	 */
	finish({exitCode}: Exit): Transcript {
		this.#take(follower => follower.readToEnd());
		this.#searchAt = 0;
		this.#searchTranscript();
		const {result, error, quota} = this.#transcript;
		const isTold = result !== null || error !== null || quota !== null;
		if (isTold || exitCode === null || exitCode === 0 || this.#lastWords === null) return this.#transcript;
		return {...this.#transcript, error: {text: this.#lastWords, canPass: canPass(this.#lastWords)}};
	}

	/** How long nothing new came, by a clock that nobody can step. */
	get silenceMs(): Milliseconds {
		return performance.now() - this.#grownAt;
	}

	/** The quota is used up, and nothing was done since: the CLI itself would wait now, maybe for hours. */
	get isOutOfQuota(): boolean {
		const wait = (this.#transcript.quota?.resumeAt ?? 0) - this.#world.now();
		return wait > longestOwnWaitMs && this.silenceMs >= quotaGraceMs;
	}

	/** When a file of the attempt last grew; null when there is none. */
	get lastOutputAt(): Instant | null {
		return lastOutputAt(this.#files);
	}

	#take(linesOf: (follower: OutputFollower) => Iterable<string>): void {
		for (const [output, follower] of this.#followers) {
			for (const line of linesOf(follower)) {
				this.#transcript = this.#eventsOf(line, output).reduce(afterEvent, this.#transcript);
				if (output === 'errors' && line.trim() !== '')
					this.#lastWords = line.trim().slice(0, longestLastWords);
			}
		}
		const {retry} = this.#transcript;
		this.#retrySince = retry === null ? null : (this.#retrySince ?? this.#world.now());
		try {
			this.#record(this.#transcript);
		} catch (error) {
			// A full disk, say: the next look tries again.
			reportOnce(error);
		}
	}

	/** Records what is not on the record yet. */
	#record({sessionId, usage, retry}: Transcript): void {
		const known = this.#recorded;
		if (sessionId === known.sessionId && usage === known.usage && retry === known.retry) return;
		setProgress(this.#world.store, this.#spawn.id, this.#attempt, {
			sessionId,
			usage: usage === null ? null : this.#ownPart(usage),
			retry: retry === null || this.#retrySince === null ? null : {...retry, since: this.#retrySince},
		});
		this.#recorded = this.#transcript;
	}

	#eventsOf(line: string, output: Output): readonly ProviderEvent[] {
		return readEvents(this.#provider, line, {output, fields: this.#fields, now: this.#world.now()});
	}

	/** Usage without what earlier attempts of a resumed session have used, where the CLI counts that again. */
	#ownPart(usage: Usage): Usage {
		const {sessionId} = this.#transcript;
		if (sessionId === null || this.#provider.countsSession.length === 0) return usage;
		const before = usageOfSession(this.#world.store, sessionId, this.#spawn.id, this.#attempt);
		const countsTokens = this.#provider.countsSession.includes('tokens');
		const countsCost = this.#provider.countsSession.includes('cost');
		const {input, output, costUsd} = usage;
		return {
			input: Math.max(0, input - (countsTokens ? before.input : 0)),
			output: Math.max(0, output - (countsTokens ? before.output : 0)),
			...(costUsd === undefined
				? {}
				: {costUsd: Math.max(0, costUsd - (countsCost ? (before.costUsd ?? 0) : 0))}),
		};
	}

	/** Looks for the CLI's transcript, less and less often, once its session is known. */
	#searchTranscript(): void {
		const {sessionId} = this.#transcript;
		if (sessionId === null || this.#files.length > this.#followers.length) return;
		if (performance.now() < this.#searchAt) return;
		this.#searchAt = performance.now() + this.#searchPauseMs;
		this.#searchPauseMs = Math.min(minute, 2 * this.#searchPauseMs);
		const {env, store} = this.#world;
		const place = this.#provider.transcript(sessionId, env);
		const path = place === null ? null : findFile(place);
		if (path === null) return;
		try {
			setTranscript(store, this.#spawn.id, path);
			this.#files = [...this.#files, path];
		} catch (error) {
			reportOnce(error);
		}
	}
}
