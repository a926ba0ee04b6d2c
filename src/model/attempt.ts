import {nothingUnsettled, type Unsettled, type Usage, type UsageReport, usageAfter} from './attempt-usage.ts';
import {formatBytes} from './bytes.ts';
import type {Denial} from './denial.ts';
import {type Instant, type Milliseconds, minute} from './time.ts';

/** The meaning of a line of output, the same for every CLI. */
export type ProviderEvent =
	| {readonly type: 'session'; readonly id: string}
	/** `isContinued`: it continues the text before it, unless a tool was called between them. */
	| {readonly type: 'text'; readonly text: string; readonly isContinued?: boolean}
	/** A call of a tool, which is open until its result; `id` names it within the attempt. */
	| {readonly type: 'tool'; readonly text: string; readonly id?: string}
	/** The result of a tool; `id` is that of its call. */
	| {readonly type: 'tool result'; readonly text: string; readonly isError?: boolean; readonly id?: string}
	/** The CLI refused its agent a call: the open one that `id` names, else the one that `text` describes, with the reason. */
	| {readonly type: 'denied'; readonly text: string; readonly id?: string}
	| ({readonly type: 'usage'} & UsageReport)
	/** A call of the model's API failed, and the CLI tries again by itself: no progress. */
	| {readonly type: 'retry'; readonly text: string}
	| {readonly type: 'error'; readonly text: string; readonly canPass: boolean}
	/** `hasWaited`: the CLI has waited for it by itself, in vain. */
	| {
			readonly type: 'quota';
			readonly text: string;
			readonly resumeAt: Instant | null;
			readonly hasWaited?: boolean;
	  }
	/** `isLast`: no call is open after it. Other CLIs may still run commands in the background. */
	| {
			readonly type: 'result';
			readonly isSuccess: boolean;
			readonly text: string | null;
			readonly isLast?: boolean;
	  }
	/** The reader of the output, not the CLI, left something out. */
	| ({readonly type: 'left out'} & LeftOut);

/** A part of the output that is too large to be read: one line, or everything before the end. */
export interface LeftOut {
	readonly what: 'line' | 'output';
	readonly bytes: number;
}

/** What stands in the place of something that was left out. */
export function describeLeftOut({what, bytes}: LeftOut): string {
	return what === 'line'
		? `[a line of ${formatBytes(bytes)} was left out]`
		: `[${formatBytes(bytes)} of output were left out]`;
}

/** The output of an attempt so far, in short. */
export interface OutputSummary {
	readonly sessionId: string | null;
	/** The latest text of the agent, and maybe more before it: `finalTextOf` gives what counts. */
	readonly finalText: string | null;
	/** A continued text is added to `finalText`. */
	readonly isTextOpen: boolean;
	/** How many characters of `finalText` were cut from its beginning, because it grew too long. */
	readonly cut: number;
	readonly usage: Usage | null;
	/** The part of `usage` that is known from single answers only. */
	readonly unsettled: Unsettled;
	/** The call that the CLI repeats, and how often it has since its last progress; null while it makes progress. */
	readonly retry: {readonly text: string; readonly count: number} | null;
	readonly result: {readonly isSuccess: boolean} | null;
	readonly error: {readonly text: string; readonly canPass: boolean} | null;
	/** The provider's quota is used up, until `resumeAt` if it says so; null also when the agent has made progress since. */
	readonly quota: {
		readonly text: string;
		readonly resumeAt: Instant | null;
		readonly hasWaited: boolean;
	} | null;
	/** The calls of tools that have no result yet, oldest first, at most 20. */
	readonly openCalls: readonly OpenCall[];
	/** The calls that the CLI refused, first seen first: at most 20 different ones. */
	readonly denials: readonly Denial[];
}

/** A call of a tool that has no result yet. */
export interface OpenCall {
	readonly id: string;
	readonly text: string;
}

export const emptySummary: OutputSummary = {
	sessionId: null,
	finalText: null,
	isTextOpen: false,
	cut: 0,
	usage: null,
	unsettled: nothingUnsettled,
	retry: null,
	result: null,
	error: null,
	quota: null,
	openCalls: [],
	denials: [],
};

const longestFinalText = 64 * 1024;
const longestNote = 200;
const longestReason = 500;
const longestSessionId = 200;
const longestCall = 200;
const mostCalls = 20;

/** The summary after one more event. */
export function afterEvent(before: OutputSummary, event: ProviderEvent): OutputSummary {
	if (event.type === 'retry') {
		const text = event.text.slice(0, longestReason);
		return {...before, retry: {text, count: (before.retry?.count ?? 0) + 1}};
	}
	const summary = {...before, retry: null};
	switch (event.type) {
		case 'session':
			return event.id.length > longestSessionId ? before : {...summary, sessionId: event.id};
		case 'text':
			return {...summary, quota: null, ...textAfter(summary, event), isTextOpen: true};
		case 'usage':
			return {...summary, ...usageAfter(summary, event)};
		case 'error':
			return {...summary, error: {text: event.text.slice(0, longestReason), canPass: event.canPass}};
		case 'quota':
			return {...summary, quota: quotaAfter(summary.quota, event)};
		case 'result': {
			const text = event.text === null ? {} : {finalText: event.text, cut: 0};
			const openCalls = event.isLast ? [] : summary.openCalls;
			return {...summary, ...text, openCalls, result: {isSuccess: event.isSuccess}};
		}
		case 'tool':
			return {...summary, quota: null, isTextOpen: false, openCalls: callsWith(summary.openCalls, event)};
		case 'tool result': {
			const openCalls = summary.openCalls.filter(({id}) => id !== event.id);
			return {...summary, quota: null, isTextOpen: false, openCalls};
		}
		case 'left out':
			return {...summary, ...textWithout(summary, event)};
		case 'denied':
			return {...summary, denials: denialsWith(summary.denials, deniedCall(summary.openCalls, event))};
	}
}

/** A call without an id cannot be seen to end. */
function callsWith(
	calls: readonly OpenCall[],
	{id, text}: ProviderEvent & {type: 'tool'},
): readonly OpenCall[] {
	if (id === undefined || id.length > longestCall) return calls;
	const others = calls.filter(call => call.id !== id);
	return [...others, {id, text: text.slice(0, longestCall)}].slice(-mostCalls);
}

/** A refused call as the rules of a CLI write it: `Bash(npm test)`. */
function deniedCall(calls: readonly OpenCall[], {id, text}: ProviderEvent & {type: 'denied'}): string {
	const call = calls.find(open => open.id === id)?.text;
	const [tool = '', argument] = call?.split(/: (.*)/s) ?? [text];
	return (argument === undefined ? tool : `${tool}(${argument})`).slice(0, longestCall);
}

function denialsWith(denials: readonly Denial[], text: string): readonly Denial[] {
	const isKnown = denials.some(denial => denial.text === text);
	if (isKnown) return denials.map(old => (old.text === text ? {text, count: old.count + 1} : old));
	return denials.length < mostCalls ? [...denials, {text, count: 1}] : denials;
}

/** A CLI may report its quota twice, first with the exact time, then in words for people. */
function quotaAfter(
	before: OutputSummary['quota'],
	{text, resumeAt, hasWaited = false}: ProviderEvent & {type: 'quota'},
): OutputSummary['quota'] {
	const known = hasWaited ? null : (before?.resumeAt ?? null);
	return {
		text: text.slice(0, longestReason),
		resumeAt: known ?? resumeAt,
		hasWaited: hasWaited || before?.hasWaited === true,
	};
}

/** The latest text, with what continues it; of a flood only the end. */
function textAfter(
	{finalText, isTextOpen, cut}: OutputSummary,
	{text, isContinued}: Pick<ProviderEvent & {type: 'text'}, 'text' | 'isContinued'>,
): Pick<OutputSummary, 'finalText' | 'cut'> {
	const isAdded = isContinued === true && isTextOpen;
	const whole = isAdded ? (finalText ?? '') + text : text;
	const cutBefore = isAdded ? cut : 0;
	// Cut only now and then: a flood of short lines must not copy the whole text for each of them.
	if (whole.length <= 2 * longestFinalText) return {finalText: whole, cut: cutBefore};
	return {finalText: whole.slice(-longestFinalText), cut: cutBefore + whole.length - longestFinalText};
}

/** The text where something was left out: a note says so, unless it can be no part of the text. */
function textWithout(
	summary: OutputSummary,
	leftOut: LeftOut,
): Pick<OutputSummary, 'finalText' | 'cut' | 'isTextOpen'> {
	const {finalText, cut, isTextOpen} = summary;
	if (finalText !== null && !isTextOpen) return {finalText, cut, isTextOpen};
	const isMidLine = isTextOpen && finalText?.endsWith('\n') === false;
	const text = `${isMidLine ? '\n' : ''}${describeLeftOut(leftOut)}\n`;
	return {...textAfter(summary, {text, isContinued: true}), isTextOpen: true};
}

/** The last text of the agent, at most 64 Ki characters from its end; null when it said nothing. */
export function finalTextOf({finalText, cut}: Pick<OutputSummary, 'finalText' | 'cut'>): string | null {
	if (finalText === null || (cut === 0 && finalText.length <= longestFinalText)) return finalText;
	const room = longestFinalText - longestNote;
	const left = formatBytes(cut + finalText.length - room);
	return `[the beginning, ${left}, was left out; the log has all of it]\n${finalText.slice(-room)}`;
}

/** How a process ended. */
export type Exit =
	| {readonly type: 'exited'; readonly code: number}
	| {readonly type: 'signalled'; readonly signal: string}
	/** Nobody could reap it. */
	| {readonly type: 'unknown'}
	/** The program could not be started at all; `reason` names it. */
	| {readonly type: 'not-started'; readonly reason: string};

/** The result of one attempt. */
export type Verdict =
	| {readonly status: 'completed'; readonly failure: null; readonly canPass: false}
	| {readonly status: 'failed' | 'timeout'; readonly failure: string; readonly canPass: boolean}
	/** Stopped by a quota, which counts neither as a failure nor as a try. */
	| {
			readonly status: 'parked';
			readonly failure: string;
			readonly canPass: false;
			readonly resumeAt: Instant | null;
	  };

/**
 * Success is exit 0 and a good final event; either alone is not, because CLIs exit 0 after being interrupted. Where
 * nobody could reap the exit code, a good final event decides. `hasResult` is false for a program that prints
 * no final event: there the exit code alone decides.
 */
export function judge(exit: Exit, summary: OutputSummary, hasResult: boolean): Verdict {
	if (exit.type === 'not-started') return {status: 'failed', failure: exit.reason, canPass: false};
	const {result, error, quota} = summary;
	const isUnknown = exit.type === 'unknown';
	const isZero = exit.type === 'exited' && exit.code === 0;
	const isGood = hasResult ? result?.isSuccess === true : !isUnknown;
	if (isGood && (isZero || isUnknown)) return {status: 'completed', failure: null, canPass: false};
	if (quota !== null)
		return {status: 'parked', failure: quota.text, canPass: false, resumeAt: quota.resumeAt};
	const ending = describeExit(exit);
	const failure = error === null ? ending : `${error.text} (${ending})`;
	if (error !== null) return {status: 'failed', failure, canPass: error.canPass};
	// An agent may have done its work without a word: it must not do the work twice.
	return {
		status: 'failed',
		failure: isZero ? 'exit 0 without a result' : failure,
		canPass: !isUnknown,
	};
}

function describeExit(exit: Exclude<Exit, {type: 'not-started'}>): string {
	switch (exit.type) {
		case 'exited':
			return `exit ${exit.code}`;
		case 'signalled':
			return `ended by ${exit.signal}`;
		case 'unknown':
			return 'exit code unknown';
	}
}

const shortestPause: Milliseconds = minute;
const longestPause: Milliseconds = 30 * minute;

/** How long to wait for a quota whose reset time is not known: longer each time, up to half an hour. */
export function quotaPause(timesParked: number): Milliseconds {
	return Math.min(longestPause, shortestPause * 2 ** timesParked);
}
