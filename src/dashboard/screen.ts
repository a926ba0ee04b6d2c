import stringWidth from 'string-width';
import type {ChainRow} from '../model/chain.ts';
import type {Raid, SpawnState} from '../model/raid.ts';
import {isLive} from '../model/spawn.ts';
import {fitRow, type Row, span} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import {chainRows} from '../view/chain.ts';
import {alertRows, statusRow} from '../view/status.ts';
import {tailRows} from '../view/tail.ts';
import {completions, windowOf} from './composer/draft.ts';
import {channelRows, helpRows} from './dialogs.ts';
import {keymap, refusalOf} from './keymap.ts';
import {selectedSpawn, type ViewState} from './state.ts';

/** Size of the terminal in columns and rows. */
export interface Size {
	readonly width: number;
	readonly height: number;
}

/** The whole screen: exactly `height` rows of exactly `width` columns, and where the text cursor stands, if it is shown. */
export interface Screen {
	readonly rows: readonly Row[];
	readonly cursor: {readonly x: number; readonly y: number} | null;
}

const smallest: Size = {width: 40, height: 10};
const sideBySideFrom = 120;

/** The dashboard as rows: a pure function of the raid at an instant and of what the operator chose to see. */
export function dashboardScreen(raid: Raid, view: ViewState, size: Size): Screen {
	const {width, height} = size;
	if (width < smallest.width || height < smallest.height) {
		const text = `raid needs ${smallest.width}×${smallest.height}, this is ${width}×${height}`;
		return {rows: filled([[span(text, 'warning')]], size), cursor: null};
	}
	const top = [statusRow(raid, width), ...alertRows(raid, 1)];
	const bottom = [...completionRows(raid, view), inputRow(raid, view, width), footerRow(raid, view)];
	const body = filled(bodyRows(raid, view, {width, height: height - top.length - bottom.length}), {
		width,
		height: height - top.length - bottom.length,
	});
	const rows = filled([...top, ...body, ...bottom], size);
	return {
		rows,
		cursor:
			view.mode.type === 'compose'
				? {x: stringWidth(prompt(raid)) + draftWindow(raid, view, width).column, y: height - 2}
				: null,
	};
}

/** The raid as text for `--once`: all alerts, the chain, and the end of the channel. `isWhole`: every spawn. */
export function snapshotRows(raid: Raid, width: number, isWhole: boolean): readonly Row[] {
	const chain = isWhole ? raid.chain : currentChain(raid.chain);
	const hidden = raid.chain.length - chain.length;
	const more = hidden > 0 ? [[span(`… ${hidden} more ended: --all shows them`, 'dim')]] : [];
	const none = chain.length === 0 ? [[span('no spawns yet', 'dim')]] : [];
	return [
		statusRow(raid, width),
		...alertRows(raid, Number.POSITIVE_INFINITY).map(row => fitRow(row, width)),
		titleRow('spawn chain', width),
		...none,
		...chainRows(chain, raid.at, width),
		...more,
		titleRow(channelTitle(raid), width),
		...tailRows(raid.messages, raid.spawns, {width, height: snapshotTail}),
	];
}

const snapshotTail = 40;
const currentChains = 5;

/** The chains with something live in them, and the latest others. */
function currentChain(chain: Raid['chain']): Raid['chain'] {
	const chains: ChainRow<SpawnState>[][] = [];
	for (const row of chain) {
		if (row.depth === 0) chains.push([]);
		chains.at(-1)?.push(row);
	}
	const latest = new Set(chains.slice(-currentChains));
	return chains.filter(rows => latest.has(rows) || rows.some(({spawn}) => isLive(spawn))).flat();
}

function bodyRows(raid: Raid, view: ViewState, size: Size): readonly Row[] {
	if (view.mode.type === 'help') return scrolledBy(helpRows(size), view.scrolled, size.height);
	if (view.mode.type === 'channels') return channelRows(raid, view.mode.chosen, size);
	return size.width >= sideBySideFrom ? sideBySide(raid, view, size) : stacked(raid, view, size);
}

/** The rows from an offset on, though never past the last of them. */
function scrolledBy(rows: readonly Row[], by: number, height: number): readonly Row[] {
	return rows.slice(Math.min(by, Math.max(0, rows.length - height)));
}

function stacked(raid: Raid, view: ViewState, {width, height}: Size): readonly Row[] {
	const free = height - 2;
	const chainHeight = Math.min(Math.max(1, raid.chain.length), Math.max(2, Math.floor(free / 2)));
	return [
		titleRow('spawn chain', width),
		...filled(chainPane(raid, view, {width, height: chainHeight}), {width, height: chainHeight}),
		titleRow(channelTitle(raid, view), width),
		...tailPane(raid, view, {width, height: free - chainHeight}),
	];
}

function sideBySide(raid: Raid, view: ViewState, {width, height}: Size): readonly Row[] {
	const left = Math.floor(width * 0.55);
	const right = width - left - 1;
	const chain = filled(chainPane(raid, view, {width: left, height: height - 1}), {
		width: left,
		height: height - 1,
	});
	const tail = filled(tailPane(raid, view, {width: right, height: height - 1}), {
		width: right,
		height: height - 1,
	});
	const rows = chain.map((row, index) => [...row, span('│', 'dim'), ...(tail[index] ?? [])]);
	return [
		[...titleRow('spawn chain', left), span('┬', 'dim'), ...titleRow(channelTitle(raid, view), right)],
		...rows,
	];
}

/** The part of the chain around the selected spawn. */
function chainPane(raid: Raid, view: ViewState, {width, height}: Size): readonly Row[] {
	if (raid.chain.length === 0)
		return [
			[
				span(
					raid.system.refusals.post === null
						? 'no spawns yet: m writes a message, @agent in it launches one'
						: 'no spawns yet',
					'dim',
				),
			],
		];
	const selected = selectedSpawn(raid, view)?.id ?? null;
	const index = raid.chain.findIndex(({spawn}) => spawn.id === selected);
	const start = Math.max(0, Math.min(index - Math.floor(height / 2), raid.chain.length - height));
	return chainRows(raid.chain.slice(start, start + height), raid.at, width, selected);
}

function tailPane(raid: Raid, view: ViewState, {width, height}: Size): readonly Row[] {
	if (raid.messages.length === 0) return [[span('no messages yet', 'dim')]];
	return tailRows(raid.messages, raid.spawns, {width, height, skipped: view.scrolled});
}

function channelTitle({channel}: Raid, view?: ViewState): string {
	const back = view !== undefined && view.scrolled > 0 ? ' (scrolled back, Esc: newest)' : '';
	return channel === null ? 'no channel' : `#${sanitiseLine(channel)}${back}`;
}

function titleRow(title: string, width: number): Row {
	return fitRow([span('─ ', 'dim'), span(title, 'strong'), span(` ${'─'.repeat(width)}`, 'dim')], width).map(
		part => ({
			...part,
			text: part.text.replace('…', '─'),
		}),
	);
}

function completionRows(raid: Raid, view: ViewState): readonly Row[] {
	if (view.mode.type !== 'compose') return [];
	const names = completions(view.draft, raid);
	return names.length === 0
		? []
		: [[span('  Tab: ', 'dim'), span(names.map(name => `@${sanitiseLine(name)}`).join(' '), 'accent')]];
}

/** The composer, a question, or the notice of what came of the last key. */
function inputRow(raid: Raid, view: ViewState, width: number): Row {
	if (view.mode.type === 'confirm') {
		const choices = view.mode.choices.map(({key, label}) => `${key} ${label}`);
		return [span(sanitiseLine(view.mode.question), 'warning'), span(`  ${[...choices, 'n no'].join('   ')}`)];
	}
	if (view.notice !== null && view.mode.type !== 'compose') {
		return [span(sanitiseLine(view.notice.text), view.notice.isProblem ? 'warning' : 'good')];
	}
	if (view.mode.type === 'compose') {
		const problem = view.notice === null ? [] : [span(`  ${sanitiseLine(view.notice.text)}`, 'warning')];
		return [span(prompt(raid), 'accent'), span(draftWindow(raid, view, width).text), ...problem];
	}
	const draft = view.draft.text === '' ? [] : [span(shown(view.draft.text), 'dim')];
	return [span(prompt(raid), 'dim'), ...draft];
}

function prompt({channel}: Raid): string {
	return `#${sanitiseLine(channel ?? '-')} > `;
}

function shown(text: string): string {
	return sanitiseLine(text.replaceAll('\n', '⏎'));
}

function draftWindow(raid: Raid, {draft}: ViewState, width: number) {
	return windowOf(
		shown(draft.text),
		stringWidth(shown(draft.text.slice(0, draft.cursor))),
		width - stringWidth(prompt(raid)) - 1,
	);
}

function footerRow(raid: Raid, {mode}: ViewState): Row {
	return keymap
		.filter(
			binding => binding.mode === mode.type && binding.footer !== null && refusalOf(binding, raid) === null,
		)
		.flatMap(({shown: key, footer}) => [span(key, 'accent'), span(` ${footer}  `, 'dim')]);
}

/** Exactly so many rows, each of exactly so many columns. */
function filled(rows: readonly Row[], {width, height}: Size): readonly Row[] {
	return Array.from({length: height}, (_, index) => fitRow(rows[index] ?? [], width));
}
