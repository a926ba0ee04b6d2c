import type {ChainRow} from '../model/chain.ts';
import type {SpawnState} from '../model/raid.ts';
import {isLive, type SpawnId} from '../model/spawn.ts';
import {formatDuration, type Instant} from '../model/time.ts';
import {fitRow, fitText, type Row, span, textOf} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import type {Theme} from '../text/theme.ts';
import {formatUsed} from '../text/usage.ts';

/** How to draw a chain. */
export interface ChainOptions {
	readonly at: Instant;
	/** Columns. Where they are few, the less important cells are left out. */
	readonly width: number;
	/** The selected spawn of a list in which one can be selected, which makes room for the mark. */
	readonly selected?: SpawnId | null;
}

/** The spawn chain as a tree, one row a spawn. */
export function chainRows(
	chain: readonly ChainRow<SpawnState>[],
	{at, width, selected}: ChainOptions,
	theme: Theme,
): readonly Row[] {
	const {cut, selected: mark} = theme.marks;
	const cells = cellsFor(width);
	return chain.map(row => {
		const drawn = chainRow(row, at, cells, theme);
		if (selected === undefined) return fitRow(drawn, width, cut);
		if (row.spawn.id !== selected) return fitRow([span(' '), ...drawn], width, cut);
		return [span(textOf(fitRow([span(mark), ...drawn], width, cut)), 'selected')];
	});
}

/** Widths of the cells; 0 leaves a cell out. */
interface Cells {
	readonly name: number;
	readonly state: number;
	readonly pid: number;
	readonly duration: number;
	readonly output: number;
	readonly used: number;
}

function cellsFor(width: number): Cells {
	const name = Math.min(34, Math.max(18, Math.floor(width * 0.42)));
	const state = 10;
	const duration = 7;
	if (width < 44)
		return {name: Math.max(14, width - state - duration - 3), state, pid: 0, duration, output: 0, used: 0};
	if (width < 64) return {name, state, pid: 8, duration, output: 0, used: 0};
	return {name, state, pid: 8, duration, output: 11, used: width < 150 ? 0 : 17};
}

function chainRow({spawn, isLast}: ChainRow<SpawnState>, at: Instant, cells: Cells, theme: Theme): Row {
	const {glyph, word, style} = theme.states[spawn.state];
	const {cut} = theme.marks;
	const name = [
		span(branchesOf(isLast, theme), 'dim'),
		span(`${glyph} `, style),
		span(sanitiseLine(spawn.agent), isLive(spawn) ? 'strong' : 'plain'),
		span(` #${sanitiseLine(spawn.shortId)}`, 'dim'),
	];
	const cell = (text: string, width: number) => (width === 0 ? '' : ` ${fitText(text, width - 1, cut)}`);
	const output = outputAge(spawn, at);
	// Where nothing is aligned behind it, an empty cell leaves its room to the reason.
	const outputWidth = output === '' && cells.used === 0 ? 0 : cells.output;
	return [
		...fitRow(name, cells.name, cut),
		span(cell(word, cells.state + 1), style),
		span(cell(spawn.process === null ? '-' : String(spawn.process.pid), cells.pid), 'dim'),
		span(cell(formatDuration(spawn.durationMs), cells.duration + 1)),
		span(cell(output, outputWidth), 'dim'),
		span(cell(formatUsed(spawn), cells.used), 'dim'),
		span(spawn.attempt > 1 ? ` try ${spawn.attempt}` : '', 'dim'),
		span(reasonOf(spawn), isLive(spawn) ? style : 'dim'),
	];
}

function branchesOf(isLast: readonly boolean[], {marks}: Theme): string {
	return isLast
		.map((isLastChild, level) => {
			if (level === isLast.length - 1) return isLastChild ? marks.lastBranch : marks.branch;
			return isLastChild ? marks.noTrunk : marks.trunk;
		})
		.join('');
}

function reasonOf({reason, state}: SpawnState): string {
	// The word "waiting" says everything.
	return reason === null || state === 'waiting' ? '' : ` ${sanitiseLine(reason)}`;
}

function outputAge(spawn: SpawnState, at: Instant): string {
	if (spawn.status !== 'running' || spawn.lastOutputAt === null) return '';
	return `out ${formatDuration(at - spawn.lastOutputAt)}`;
}
