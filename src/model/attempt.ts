import {type Instant, type Milliseconds, minute} from './time.ts';

/** One line of a CLI's output, whatever the CLI. */
export type ProviderEvent =
	| {readonly type: 'session'; readonly id: string}
	/** `isContinued`: it goes on with the text before it, unless a tool was called between them. */
	| {readonly type: 'text'; readonly text: string; readonly isContinued?: boolean}
	| {readonly type: 'tool'; readonly text: string}
	/** Tokens of this attempt so far. */
	| {readonly type: 'usage'; readonly input: number; readonly output: number}
	| {readonly type: 'error'; readonly text: string; readonly canPass: boolean}
	| {readonly type: 'quota'; readonly text: string; readonly resumeAt: Instant | null}
	| {readonly type: 'result'; readonly isSuccess: boolean; readonly text: string | null};

/** What an attempt's output has told so far. */
export interface Transcript {
	readonly sessionId: string | null;
	/** The latest text of the agent, and maybe more before it: `finalTextOf` gives what counts. */
	readonly finalText: string | null;
	/** A text that is continued goes on with `finalText`. */
	readonly isTextOpen: boolean;
	readonly tokensIn: number | null;
	readonly tokensOut: number | null;
	readonly result: {readonly isSuccess: boolean} | null;
	readonly error: {readonly text: string; readonly canPass: boolean} | null;
	/** The provider's quota is used up, until `resumeAt` if it says so. */
	readonly quota: {readonly text: string; readonly resumeAt: Instant | null} | null;
}

export const emptyTranscript: Transcript = {
	sessionId: null,
	finalText: null,
	isTextOpen: false,
	tokensIn: null,
	tokensOut: null,
	result: null,
	error: null,
	quota: null,
};

const longestFinalText = 64 * 1024;

/** The transcript after one more event. */
export function afterEvent(transcript: Transcript, event: ProviderEvent): Transcript {
	switch (event.type) {
		case 'session':
			return {...transcript, sessionId: event.id};
		case 'text':
			return {...transcript, finalText: textAfter(transcript, event), isTextOpen: true};
		case 'usage':
			return {...transcript, tokensIn: event.input, tokensOut: event.output};
		case 'error':
			return {...transcript, error: {text: event.text, canPass: event.canPass}};
		case 'quota':
			return {...transcript, quota: {text: event.text, resumeAt: event.resumeAt}};
		case 'result': {
			const finalText = event.text ?? transcript.finalText;
			return {...transcript, finalText, result: {isSuccess: event.isSuccess}};
		}
		case 'tool':
			return {...transcript, isTextOpen: false};
	}
}

/** The latest text, with what continues it; of a flood only the end. */
function textAfter(
	{finalText, isTextOpen}: Transcript,
	{text, isContinued}: ProviderEvent & {type: 'text'},
): string {
	const before = isContinued && isTextOpen ? (finalText ?? '') : '';
	const whole = before + text;
	// Cut only now and then: a flood of short lines must not copy the whole text for each of them.
	return whole.length > 2 * longestFinalText ? whole.slice(-longestFinalText) : whole;
}

/** What the agent said last, at most the last 64 Ki characters of it; null when it said nothing. */
export function finalTextOf({finalText}: Transcript): string | null {
	return finalText?.slice(-longestFinalText) ?? null;
}

/** How a process ended. Both null: nobody could reap it, the exit code is unknown. */
export interface Exit {
	readonly exitCode: number | null;
	readonly signal: string | null;
	/** The program could not be started at all. */
	readonly startError: string | null;
}

/** What one attempt came to. */
export type Verdict =
	| {readonly status: 'completed'; readonly failure: null; readonly canPass: false}
	| {readonly status: 'failed' | 'timeout'; readonly failure: string; readonly canPass: boolean}
	/** Stopped by a quota: no failure, and no try. */
	| {
			readonly status: 'parked';
			readonly failure: string;
			readonly canPass: false;
			readonly resumeAt: Instant | null;
	  };

/**
 * Success is exit 0 and a good final event; either alone is not, for CLIs exit 0 after being interrupted. Where
 * nobody could reap the exit code, a good final event decides. `hasResult` is false for a program that prints
 * no final event: there the exit code alone decides.
 */
export function judge(exit: Exit, transcript: Transcript, hasResult: boolean): Verdict {
	if (exit.startError !== null) return {status: 'failed', failure: exit.startError, canPass: false};
	const {result, error, quota} = transcript;
	const isUnknown = exit.exitCode === null && exit.signal === null;
	const isGood = hasResult ? result?.isSuccess === true : !isUnknown;
	if (isGood && (exit.exitCode === 0 || isUnknown))
		return {status: 'completed', failure: null, canPass: false};
	if (quota !== null)
		return {status: 'parked', failure: quota.text, canPass: false, resumeAt: quota.resumeAt};
	const ending = describeExit(exit);
	const failure = error === null ? ending : `${error.text} (${ending})`;
	if (error !== null) return {status: 'failed', failure, canPass: error.canPass};
	// What may have done its work without telling must not be done twice.
	return {
		status: 'failed',
		failure: exit.exitCode === 0 ? 'exit 0 without a result' : failure,
		canPass: !isUnknown,
	};
}

function describeExit({exitCode, signal}: Exit): string {
	if (signal !== null) return `ended by ${signal}`;
	return exitCode === null ? 'exit code unknown' : `exit ${exitCode}`;
}

const shortestPause: Milliseconds = minute;
const longestPause: Milliseconds = 30 * minute;

/** How long to wait for a quota whose reset time is not known: longer each time, up to half an hour. */
export function quotaPause(timesParked: number): Milliseconds {
	return Math.min(longestPause, shortestPause * 2 ** timesParked);
}
