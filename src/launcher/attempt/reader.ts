import {isDeepStrictEqual} from 'node:util';
import {type FileName, findFile, lastOutputAt, outputSize} from '../../logs/files.ts';
import {OutputFollower, type OutputLine} from '../../logs/follow.ts';
import type {Fields} from '../../model/agent.ts';
import {
	afterEvent,
	type Exit,
	emptySummary,
	type OutputSummary,
	type ProviderEvent,
} from '../../model/attempt.ts';
import type {Usage} from '../../model/attempt-usage.ts';
import type {Progress} from '../../model/event.ts';
import type {Spawn} from '../../model/spawn.ts';
import {type Instant, type Milliseconds, minute, second} from '../../model/time.ts';
import {canPass} from '../../providers/failure.ts';
import {type Output, type Provider, readEvents} from '../../providers/provider.ts';
import {findAgent} from '../../store/agents.ts';
import {type AttemptName, setProgress, setSessionFile, usageOfSession} from '../../store/attempts.ts';
import type {Workspace} from '../../workspace/open.ts';
import {reportOnce} from '../report-once.ts';
import {CallWatch} from './call-watch.ts';
import type {AttemptDescriptors} from './files.ts';
import {SessionReader} from './session-reader.ts';

const longestLastWords = 300;
const progressEveryMs: Milliseconds = 10 * second;
const quotaGraceMs: Milliseconds = 10 * second;
// Reading a flood must not keep a supervisor from looking around.
const longestLookMs: Milliseconds = second / 5;
// The end of the output of an agent that was ended, and may have printed faster than anybody reads.
const mostAfterEnd = 4 * 1024 * 1024;
// A CLI may wait for a shorter pause by itself.
const longestOwnWaitMs: Milliseconds = 5 * minute;

/** Reads the output of an attempt, and records its progress. */
export class AttemptReader {
	readonly #workspace: Workspace;
	readonly #spawn: Spawn;
	readonly #attempt: number;
	readonly #provider: Provider;
	readonly #fields: Fields | null;
	readonly #followers: readonly (readonly [Output, OutputFollower])[];
	readonly #outputs: readonly FileName[];
	/** Its output, and its session file: their growth is a sign of life. */
	#files: readonly FileName[];
	#summary = emptySummary;
	#recorded: Progress | null = null;
	#recordedAt = Number.NEGATIVE_INFINITY;
	readonly #calls: CallWatch;
	#lastWords: string | null = null;
	#retrySince: Instant | null;
	readonly #startedAt: Instant;
	/** Null until its file is found. */
	#session: SessionReader | null = null;
	#inSession = emptySummary;
	#size = -1;
	#grownAt = performance.now();
	#searchAt = 0;
	#searchPauseMs: Milliseconds = second;

	constructor(
		workspace: Workspace,
		spawn: Spawn,
		attempt: number,
		provider: Provider,
		{output, errors}: AttemptDescriptors,
	) {
		this.#workspace = workspace;
		this.#spawn = spawn;
		this.#attempt = attempt;
		this.#provider = provider;
		this.#fields = findAgent(workspace.store, spawn.agent)?.launch?.fields ?? null;
		this.#outputs = [output, errors].filter(file => file !== null);
		this.#files = this.#outputs;
		this.#followers = [
			...(output === null ? [] : [['output', new OutputFollower(output)] as const]),
			...(errors === null ? [] : [['errors', new OutputFollower(errors)] as const]),
		];
		this.#retrySince = spawn.retry?.since ?? null;
		const startedAt = spawn.attempt === attempt ? spawn.attemptStartedAt : null;
		this.#startedAt = startedAt ?? workspace.now();
		this.#calls = new CallWatch(workspace, spawn);
	}

	/** Reads the lines that were printed since it last read. */
	readNews(): void {
		const end = performance.now() + longestLookMs;
		const isEnough = () => performance.now() >= end;
		this.#take(follower => follower.read(isEnough));
		this.#searchSessionFile();
		this.#inSession = this.#session?.read(isEnough) ?? this.#inSession;
		const size = outputSize(this.#files);
		// Lines that only report one more try are not a sign of life.
		if (size !== this.#size && this.#summary.retry === null) this.#grownAt = performance.now();
		this.#size = size;
		this.#watchCalls();
	}

	/**
	 * Reads the rest of the output, after the end of the process, and returns its summary. Where a CLI failed without a word
	 * in its output, its last line on standard error is the error. Only the end is read of an agent that `wasEnded`.
	 */
	finish(exit: Exit, {wasEnded}: {readonly wasEnded: boolean}): OutputSummary {
		this.#take(follower => follower.readToEnd(wasEnded ? mostAfterEnd : undefined));
		this.#searchAt = 0;
		this.#searchSessionFile();
		this.#inSession = this.#session?.read() ?? this.#inSession;
		this.#recordSafely({isLast: true});
		const summary = this.#known;
		const {result, error, quota} = summary;
		const isTold = result !== null || error !== null || quota !== null;
		const hasFailed = exit.type === 'exited' && exit.code !== 0;
		if (isTold || !hasFailed || this.#lastWords === null) return summary;
		return {...summary, error: {text: this.#lastWords, canPass: canPass(this.#lastWords)}};
	}

	/** The size of its output, in bytes. */
	get outputBytes(): number {
		return outputSize(this.#outputs);
	}

	/** How long nothing new came, by a clock that nobody can step. */
	get silenceMs(): Milliseconds {
		return performance.now() - this.#grownAt;
	}

	/** Nothing was ever printed, and there is no session. */
	get hasDoneNothing(): boolean {
		return this.#size <= 0 && this.#summary.sessionId === null;
	}

	/** The quota is used up, and nothing was done since: the CLI itself would wait now, maybe for hours. */
	get isOutOfQuota(): boolean {
		const {quota} = this.#summary;
		const wait = (quota?.resumeAt ?? 0) - this.#workspace.now();
		const isLong = wait > longestOwnWaitMs || quota?.hasWaited === true;
		return isLong && this.silenceMs >= quotaGraceMs;
	}

	/** When a file of the attempt last grew; null when there is none. */
	get lastOutputAt(): Instant | null {
		return lastOutputAt(this.#files);
	}

	/** The output, with what only the session file has. The final report of usage is in the output, and right. */
	get #known(): OutputSummary {
		const {usage, result, denials} = this.#summary;
		const inSession = this.#inSession;
		return {
			...this.#summary,
			usage: result === null ? (inSession.usage ?? usage) : usage,
			denials: [...denials, ...inSession.denials],
		};
	}

	#take(linesOf: (follower: OutputFollower) => Iterable<OutputLine>): void {
		for (const [output, follower] of this.#followers) {
			for (const line of linesOf(follower)) {
				this.#summary = this.#eventsOf(line, output).reduce(afterEvent, this.#summary);
				if (output === 'errors') this.#lastWords = lastWordsOf(line) ?? this.#lastWords;
			}
		}
		const {retry} = this.#summary;
		this.#retrySince = retry === null ? null : (this.#retrySince ?? this.#workspace.now());
		this.#calls.note(this.#summary.openCalls);
		this.#recordSafely({isLast: false});
	}

	/** A call that takes long is work while its processes use CPU time, and silence otherwise. */
	#watchCalls(): void {
		try {
			if (!this.#calls.look()) return;
			this.#grownAt = performance.now();
			this.record();
		} catch (error) {
			reportOnce(error);
		}
	}

	#recordSafely({isLast}: {readonly isLast: boolean}): void {
		if (!isLast && performance.now() - this.#recordedAt < progressEveryMs) return;
		try {
			this.record();
		} catch (error) {
			// The disk may be full: the next reading tries again.
			reportOnce(error);
		}
	}

	/** Records the progress since it was last recorded; nothing when there is none. */
	record(): void {
		const {sessionId, usage, retry, denials} = this.#known;
		const own = usage === null ? null : this.#ownPart(usage);
		const progress = {
			sessionId,
			tokensIn: own?.input ?? null,
			tokensOut: own?.output ?? null,
			costUsd: own?.costUsd ?? null,
			retry: retry === null || this.#retrySince === null ? null : {...retry, since: this.#retrySince},
			lastOutputAt: this.lastOutputAt,
			openCall: this.#calls.openCall,
			lastCpuAt: this.#calls.lastCpuAt,
			denials,
		};
		if (isDeepStrictEqual(progress, this.#recorded)) return;
		setProgress(this.#workspace.store, this.#name, progress, this.#workspace.now());
		this.#recorded = progress;
		this.#recordedAt = performance.now();
	}

	get #name(): AttemptName {
		return {spawn: this.#spawn.id, attempt: this.#attempt};
	}

	#eventsOf(line: OutputLine, output: Output): readonly ProviderEvent[] {
		if (typeof line !== 'string') return output === 'output' ? [{type: 'left out', ...line}] : [];
		const origin = {output, fields: this.#fields, now: this.#workspace.now()};
		return readEvents(this.#provider, line, origin, reportOnce);
	}

	/** Usage without what earlier attempts of a resumed session have used, where the CLI counts that again. */
	#ownPart(usage: Usage): Usage {
		const {sessionId} = this.#summary;
		if (sessionId === null || this.#provider.countsSession.length === 0) return usage;
		const before = usageOfSession(this.#workspace.store, sessionId, this.#name);
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

	/** Looks for the CLI's session file, less and less often, once its session is known. */
	#searchSessionFile(): void {
		const {sessionId} = this.#summary;
		if (sessionId === null || this.#files.length > this.#outputs.length) return;
		if (performance.now() < this.#searchAt) return;
		this.#searchAt = performance.now() + this.#searchPauseMs;
		this.#searchPauseMs = Math.min(minute, 2 * this.#searchPauseMs);
		const {env, store, now} = this.#workspace;
		const place = this.#provider.sessionFile(sessionId, env);
		const path = place === null ? null : findFile(place);
		if (path === null) return;
		try {
			setSessionFile(store, this.#name, path, now());
			this.#files = [...this.#files, path];
			this.#session = new SessionReader(path, this.#provider, this.#startedAt);
		} catch (error) {
			reportOnce(error);
		}
	}
}

/** The beginning of a line of standard error; null for one that says nothing. */
function lastWordsOf(line: OutputLine): string | null {
	const words = typeof line === 'string' ? line.trim().slice(0, longestLastWords) : '';
	return words === '' ? null : words;
}
