import {setTimeout as delay} from 'node:timers/promises';
import type {SpawnLog} from '../backend/backend.ts';
import {type Context, command} from '../cli/command.ts';
import {requireArguments} from '../cli/print.ts';
import {chooseSpawn} from '../cli/references.ts';
import {eventDocument} from '../documents/documents.ts';
import {NotFoundError, UsageError} from '../errors.ts';
import {lastOutputAt, OutputFollower, offsetOfLastLines, readBytes} from '../logs/files.ts';
import type {Instant} from '../model/time.ts';
import {findProvider} from '../providers/index.ts';
import {readEvents} from '../providers/provider.ts';
import {type Row, span} from '../text/row.ts';
import {sanitise} from '../text/sanitise.ts';
import {paint, themeFor} from '../text/theme.ts';
import {logWriter} from '../view/log.ts';

const pollMs = 250;

export const logs = command({
	name: 'logs',
	summary: 'Show what an agent printed: its texts, its tool calls, and what these gave back.',
	usage: 'raid logs SPAWN [--follow] [--tail N] [--attempt N] [--errors] [--raw]',
	flags: {
		follow: {type: 'boolean', help: 'go on with what comes, until the spawn ends'},
		tail: {type: 'number', value: 'N', help: 'only the last N lines'},
		attempt: {type: 'number', value: 'N', help: 'only this attempt'},
		errors: {type: 'boolean', help: 'its standard error instead of its output'},
		raw: {type: 'boolean', help: 'as the CLI printed it'},
	},
	async run(input, {follow = false, tail, attempt, errors = false, raw = false}, context) {
		const {SPAWN: name} = requireArguments(input, ['SPAWN'], logs.usage);
		requireWhole('--tail', tail, 0);
		requireWhole('--attempt', attempt, 1);
		const backend = await context.openBackend();
		const id = chooseSpawn(backend, name);
		const log = backend.readLog(id);
		requireAttempt(log, attempt);
		const part = errors ? 'errors' : 'output';
		requireFile(log, part);
		// To a terminal nothing goes as it is, for what an agent prints may steer it.
		const isCopied = raw && !context.terminal.isInteractive;
		const sink = tailOf(tail, line => context.terminal.print(`${line}\n`));
		const render = raw || errors ? plainLines : rendererOf(log, context);
		const open = (number: number): Part => {
			const path = backend.readLog(id).pathOf(number, part) ?? '';
			return isCopied
				? copyOf(path, tail, context)
				: linesOf(path, render(number, lastOutputAt([path]) ?? Date.now()), sink);
		};
		const first = attempt ?? (isCopied && tail !== undefined ? Math.max(1, log.attempt) : 1);
		const last = attempt ?? Number.POSITIVE_INFINITY;
		await play(() => backend.readLog(id), {first, last, follow}, open, sink, context);
	},
});

function requireWhole(flag: string, value: number | undefined, least: number): void {
	if (value === undefined || (Number.isInteger(value) && value >= least)) return;
	throw new UsageError(`${flag} takes a whole number of at least ${least}.`);
}

function requireAttempt({attempt: latest}: SpawnLog, attempt: number | undefined): void {
	if (attempt === undefined || attempt <= latest) return;
	throw new NotFoundError(`There is no attempt ${attempt}.`, `The spawn has had ${latest}.`);
}

/** A session file of somebody else's may be kept nowhere that we know. */
function requireFile(log: SpawnLog, part: 'output' | 'errors'): void {
	if (log.kind === 'output' || log.pathOf(1, part) !== null) return;
	throw part === 'errors'
		? new UsageError('space-os keeps no standard error.', 'Leave --errors away.')
		: new NotFoundError(
				'No session file of that spawn can be found.',
				'Its CLI has written none, or elsewhere.',
			);
}

/** The output of one attempt, given out as it grows. */
interface Part {
	readonly look: () => void;
	/** Gives out all that is left. */
	readonly end: () => void;
}

interface Choice {
	readonly first: number;
	readonly last: number;
	readonly follow: boolean;
}

/** Gives out the attempts that are chosen, one after the other; when following, until the spawn has ended. */
async function play(
	read: () => SpawnLog,
	{first, last, follow}: Choice,
	open: (attempt: number) => Part,
	sink: Sink,
	{terminal}: Context,
): Promise<void> {
	const mayWait = () => follow && !terminal.closed.aborted;
	for (let number = first; number <= last; number += 1) {
		while (isToCome(read(), number) && mayWait()) await pause(sink);
		if (read().attempt < number) break;
		const part = open(number);
		// Asked before looking: what was written before the end is given out after the end was seen.
		while (isAtWork(read(), number) && mayWait()) {
			part.look();
			await pause(sink);
		}
		part.end();
	}
	sink.flush();
}

function isToCome({attempt, isLive}: SpawnLog, number: number): boolean {
	return attempt < number && isLive;
}

function isAtWork({attempt, isRunning}: SpawnLog, number: number): boolean {
	return attempt === number && isRunning;
}

async function pause(sink: Sink): Promise<void> {
	sink.flush();
	await delay(pollMs);
}

/** Where lines go. */
interface Sink {
	readonly give: (lines: readonly string[]) => void;
	/** Prints what was kept back; what comes from then on is printed at once. */
	readonly flush: () => void;
}

/** Keeps back all but the last `count` lines of what was there at the beginning; undefined: nothing. */
function tailOf(count: number | undefined, print: (line: string) => void): Sink {
	let kept: string[] | null = count === undefined ? null : [];
	return {
		give(lines) {
			if (kept === null) for (const line of lines) print(line);
			else if (count !== undefined && count > 0) {
				kept.push(...lines);
				if (kept.length > 2 * count) kept = kept.slice(-count);
			}
		},
		flush() {
			for (const line of kept?.slice(-(count ?? 0)) ?? []) print(line);
			kept = null;
		},
	};
}

/** Turns the lines of one attempt into lines to print. */
interface Renderer {
	readonly begin: readonly string[];
	readonly line: (line: string) => readonly string[];
	readonly end: () => readonly string[];
}

function linesOf(path: string, renderer: Renderer, sink: Sink): Part {
	const follower = new OutputFollower(path);
	sink.give(renderer.begin);
	return {
		look() {
			for (const line of follower.read()) sink.give(renderer.line(line));
		},
		end() {
			for (const line of follower.readToEnd()) sink.give(renderer.line(line));
			sink.give(renderer.end());
		},
	};
}

/** The bytes as they are, from the last `tail` lines on. */
function copyOf(path: string, tail: number | undefined, {terminal}: Context): Part {
	let offset = tail === undefined ? 0 : offsetOfLastLines(path, tail);
	const look = () => {
		for (const bytes of readBytes(path, offset)) {
			offset += bytes.length;
			terminal.print(bytes);
		}
	};
	return {look, end: look};
}

const plainLines = (): Renderer => ({begin: [], line: line => [sanitise(line)], end: () => []});

/** Renders for people, or each event as a line of JSON. */
function rendererOf(log: SpawnLog, {terminal, flags}: Context): (attempt: number, now: Instant) => Renderer {
	const provider = findProvider(log.provider);
	const {kind: output, fields} = log;
	// As of when it was printed: a CLI may tell of a time by how far away it is.
	const eventsOf = (line: string, now: Instant) =>
		provider === null ? [] : readEvents(provider, line, {output, fields, now});
	if (flags.json) {
		const line = (attempt: number, now: Instant) => (text: string) =>
			eventsOf(text, now).map(event => JSON.stringify({version: 1, attempt, ...eventDocument(event)}));
		return (attempt, now) => ({begin: [], line: line(attempt, now), end: () => []});
	}
	return (attempt, now) => {
		const theme = themeFor(terminal);
		const writer = logWriter(theme);
		const painted = (rows: readonly Row[]) => rows.map(row => paint(row, theme));
		const heading = painted([[span(`── attempt ${attempt} ──`, 'dim')]]);
		return {
			begin: log.attempt > 1 || attempt > 1 ? heading : [],
			line: line => eventsOf(line, now).flatMap(event => painted(writer.write(event))),
			end: () => painted(writer.end()),
		};
	};
}
