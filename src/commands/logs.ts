import type {SpawnLog} from '../backend/backend.ts';
import {command, type Piece, type Printout} from '../cli/command.ts';
import {chooseSpawn} from '../cli/references.ts';
import {lastPieces} from '../cli/tail.ts';
import {logEventDocument} from '../documents/log.ts';
import {NotFoundError, UsageError} from '../errors.ts';
import {eventReader} from '../logs/events.ts';
import {lastOutputAt} from '../logs/files.ts';
import type {Start} from '../logs/follow.ts';
import {bytePart, linePart, type Renderer} from '../logs/part.ts';
import {type Part, playLog} from '../logs/play.ts';
import {startOfTail} from '../logs/tail.ts';
import {describeLeftOut} from '../model/attempt.ts';
import type {Instant} from '../model/time.ts';
import {type Row, span} from '../text/row.ts';
import {sanitise} from '../text/sanitise.ts';
import {standardTheme} from '../text/theme.ts';
import {logWriter} from '../view/log.ts';

export const logs = command({
	name: 'logs',
	group: 'watch',
	summary: "Show what an agent printed: its texts, its tool calls and the tools' results.",
	arguments: [{name: 'spawn', type: 'spawn'}],
	flags: {
		follow: {type: 'boolean', help: 'continue with new output, until the spawn ends'},
		tail: {type: 'number', value: 'N', help: 'only the last N lines'},
		attempt: {type: 'number', value: 'N', help: 'only this attempt'},
		errors: {type: 'boolean', help: 'its standard error instead of its output'},
		raw: {type: 'boolean', help: 'as the CLI printed it'},
	},
	examples: ['raid logs 3f2a --follow', 'raid logs 3f2a --errors --tail 20'],
	async run({spawn}, {follow = false, tail, attempt, errors = false, raw = false}, {openBackend, terminal}) {
		requireWhole('--tail', tail, 0);
		requireWhole('--attempt', attempt, 1);
		const backend = await openBackend();
		const id = chooseSpawn(backend, spawn);
		const log = backend.readLog(id);
		requireAttempt(log, attempt);
		const part = errors ? 'errors' : 'output';
		requireFile(log, part);
		requireKept(log, part);
		// Nothing is copied to a terminal, because the output of an agent may steer it.
		const isCopied = raw && !terminal.isScreen;
		const pathOf = (number: number) => backend.readLog(id).pathOf(number, part) ?? '';
		const renderer = raw || errors ? plainRenderer : eventRenderer(log);
		const render = (number: number) => renderer(number, lastOutputAt([pathOf(number)]) ?? Date.now());
		const starts =
			tail === undefined || isCopied
				? new Map<number, Start>()
				: startsOfTail({first: attempt ?? 1, last: attempt ?? log.attempt, tail}, pathOf, render);
		const open = (number: number): Part<Piece> =>
			isCopied
				? copied(bytePart(pathOf(number), tail))
				: linePart<Piece>(pathOf(number), render(number), starts.get(number));
		const firstOfTail = isCopied ? log.attempt : Math.min(...starts.keys());
		const playing = {
			first: attempt ?? (tail === undefined ? 1 : Math.max(1, firstOfTail)),
			last: attempt ?? Number.POSITIVE_INFINITY,
			isFollowed: follow,
			closed: terminal.closed,
			endOf: tail === undefined || isCopied ? null : (pieces: readonly Piece[]) => lastPieces(pieces, tail),
		};
		return playLog(() => backend.readLog(id), playing, open);
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

/** Throws when nothing is kept: in a space-os there are only session files, which the CLIs write where they like. */
function requireFile(log: SpawnLog, part: 'output' | 'errors'): void {
	if (log.kind === 'output' || log.pathOf(1, part) !== null) return;
	throw part === 'errors'
		? new UsageError('space-os keeps no standard error.', 'Omit --errors.')
		: new NotFoundError(
				'No session file of that spawn can be found.',
				'Its CLI has written none, or has written it elsewhere.',
			);
}

/** Where to begin in each attempt that the last `tail` rows and documents are in; the attempts before are not read. */
function startsOfTail(
	{first, last, tail}: {readonly first: number; readonly last: number; readonly tail: number},
	pathOf: (attempt: number) => string,
	render: (attempt: number) => Renderer<Printout>,
): ReadonlyMap<number, Start> {
	const starts = new Map<number, Start>();
	let later: readonly Printout[] = [];
	for (
		let number = last;
		number >= Math.min(first, last) && (number === last || !isTail(later, tail));
		number -= 1
	) {
		const {line, end} = render(number);
		let pieces: readonly Printout[] = [];
		const start = startOfTail(pathOf(number), tail, lines => {
			pieces = [...lines].flatMap(line).concat(end());
			return isTail([...pieces, ...later], tail);
		});
		starts.set(number, start);
		later = [...pieces, ...later];
	}
	return starts;
}

/** True when it has enough of both, whichever will be printed. */
function isTail(pieces: readonly Printout[], tail: number): boolean {
	const rows = pieces.reduce((sum, piece) => sum + piece.rows.length, 0);
	return rows >= tail && pieces.filter(({document}) => document !== null).length >= tail;
}

/** Throws when an attempt has ended, and the files of none of them are there any more. */
function requireKept({kind, attempt, isRunning, pathOf}: SpawnLog, part: 'output' | 'errors'): void {
	if (kind !== 'output' || attempt === 0 || isRunning) return;
	const isThere = (number: number) => lastOutputAt([pathOf(number, part) ?? '']) !== null;
	if (Array.from({length: attempt}, (_, index) => index + 1).some(isThere)) return;
	throw new NotFoundError(
		'The log of that spawn is gone.',
		'It was removed by `raid prune`, or by hand; its record and messages are still there.',
	);
}

type RendererOf = (attempt: number, printedAt: Instant) => Renderer<Printout>;

/** Renders each line as it is, made safe. */
const plainRenderer: RendererOf = attempt => ({
	begin: [],
	line: line => {
		const text = typeof line === 'string' ? line : describeLeftOut(line);
		return [{document: {attempt, line: text}, rows: rowsOf(text)}];
	},
	note: text => [{document: null, rows: rowsOf(text)}],
	end: () => [],
});

function rowsOf(text: string): readonly Row[] {
	return sanitise(text)
		.split('\n')
		.map(line => [span(line)]);
}

/** Renders each event as a document, and as a part of a conversation. */
function eventRenderer(log: SpawnLog): RendererOf {
	const read = eventReader(log);
	return (attempt, printedAt) => {
		const writer = logWriter(standardTheme);
		const heading: Row = [span(`── attempt ${attempt} ──`, 'dim')];
		const hasHeading = log.attempt > 1 || attempt > 1;
		return {
			begin: hasHeading ? [{document: null, rows: [heading]}] : [],
			line: line =>
				read(line, printedAt).map(event => ({
					document: logEventDocument(attempt, event),
					rows: writer.write(event),
				})),
			note: text => [{document: null, rows: rowsOf(text)}],
			end: () => [{document: null, rows: writer.end()}],
		};
	};
}

function copied(part: Part<Uint8Array>): Part<Piece> {
	function* pieces(chunks: Iterable<Uint8Array>): Generator<Piece> {
		for (const bytes of chunks) yield {bytes};
	}
	return {look: () => pieces(part.look()), end: () => pieces(part.end())};
}
