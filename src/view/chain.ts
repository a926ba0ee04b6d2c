import type {ChainRow} from '../model/chain.ts';
import type {SpawnState} from '../model/raid.ts';
import {isLive, type SpawnId, shortIds} from '../model/spawn.ts';
import {formatDuration} from '../model/time.ts';
import {formatUsed} from '../model/usage.ts';
import {fitRow, fitText, type Row, span} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import {lookOf} from '../text/theme.ts';

/**
 * The spawn chain as a tree, one row a spawn, in `width` columns. Where they are few, the less
 * telling cells go first. `selected` is for a list that can be chosen from: it makes room for the mark.
 */
export function chainRows(
	chain: readonly ChainRow<SpawnState>[],
	at: number,
	width: number,
	selected?: SpawnId | null,
): readonly Row[] {
	const names = shortIds(chain.map(({spawn}) => spawn.id));
	const cells = cellsFor(width);
	return chain.map(row => {
		const drawn = chainRow(row, at, names.get(row.spawn.id) ?? '', cells);
		if (selected === undefined) return fitRow(drawn, width);
		// The mark tells the selection without colours too.
		if (row.spawn.id !== selected) return fitRow([span(' '), ...drawn], width);
		return fitRow([span('▸'), ...drawn], width).map(({text}) => span(text, 'selected'));
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
		return {name: Math.max(14, width - state - duration - 2), state, pid: 0, duration, output: 0, used: 0};
	if (width < 64) return {name, state, pid: 8, duration, output: 0, used: 0};
	return {name, state, pid: 8, duration, output: 11, used: width < 150 ? 0 : 17};
}

function chainRow({spawn, isLast}: ChainRow<SpawnState>, at: number, name: string, cells: Cells): Row {
	const look = lookOf(spawn);
	const branch = isLast.map((last, level) => branchOf(last, level === isLast.length - 1)).join('');
	const left = fitRow(
		[
			span(branch, 'dim'),
			span(`${look.glyph} `, look.style),
			span(sanitiseLine(spawn.agent), isLive(spawn) ? 'strong' : 'plain'),
			span(` #${name}`, 'dim'),
		],
		cells.name,
	);
	const cell = (text: string, width: number) => (width === 0 ? '' : ` ${fitText(text, width - 1)}`);
	// Its word says it all.
	const hasReason = spawn.reason !== null && spawn.state !== 'waiting';
	const reason = !hasReason ? '' : ` ${sanitiseLine(spawn.reason ?? '')}`;
	const tries = spawn.attempt > 1 ? ` try ${spawn.attempt}` : '';
	return [
		...left,
		span(cell(look.word, cells.state + 1), look.style),
		span(cell(spawn.process === null ? '-' : String(spawn.process.pid), cells.pid), 'dim'),
		span(cell(formatDuration(spawn.durationMs), cells.duration + 1)),
		span(cell(outputAge(spawn, at), cells.output), 'dim'),
		span(cell(formatUsed(spawn), cells.used), 'dim'),
		span(tries, 'dim'),
		span(reason, isLive(spawn) ? look.style : 'dim'),
	];
}

function branchOf(isLastChild: boolean, isOwnLevel: boolean): string {
	if (isOwnLevel) return isLastChild ? '└─' : '├─';
	return isLastChild ? '  ' : '│ ';
}

function outputAge(spawn: SpawnState, at: number): string {
	if (spawn.status !== 'running' || spawn.lastOutputAt === null) return '';
	return `out ${formatDuration(at - spawn.lastOutputAt)}`;
}
