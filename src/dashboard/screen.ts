import {describeError} from '../errors.ts';
import type {Results} from '../model/action.ts';
import type {Raid} from '../model/raid.ts';
import {fitRow, type Row, span} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import {type Size, smallestScreen} from '../text/size.ts';
import type {Theme} from '../text/theme.ts';
import {alertRows, openAlerts} from '../view/alerts.ts';
import {spawnNamesIn} from '../view/names.ts';
import {describeResult, hasSurvivors} from '../view/result.ts';
import {statusRow} from '../view/status.ts';
import {titleRow} from '../view/title.ts';
import {completionRows, composerRow, draftRow} from './composer/composer.ts';
import {footerRow} from './footer.ts';
import {dialogKindOf, shownKeyOf} from './keymap.ts';
import {isTooSmall, type Layout, layoutOf} from './layout.ts';
import {chainMark, chainPane} from './panes/chain.ts';
import {tailMark, tailPane, tailTitle} from './panes/tail.ts';
import {type Notice, topDialog, type ViewState} from './state.ts';

/** The whole screen: exactly as many rows and columns as the view's size, and the place of the text cursor, if shown. */
export interface Screen {
	readonly rows: readonly Row[];
	readonly cursor: {readonly x: number; readonly y: number} | null;
}

/** The dashboard as rows: a pure function of the raid at an instant and of the operator's view of it. */
export function dashboardScreen(raid: Raid, view: ViewState, theme: Theme): Screen {
	const {size} = view;
	if (isTooSmall(size)) return {rows: fill([tooSmallRow(size, theme)], size, theme), cursor: null};
	const {body} = layoutOf(raid, view);
	const input = inputRow(raid, view, theme);
	const rows = [
		view.trouble === null ? statusRow(raid, size.width, theme) : troubleRow(view.trouble, theme),
		...alertRows(openAlerts(raid), raid, {width: view.size.width, most: 1}, theme),
		...fill(bodyRows(raid, view, theme), body, theme),
		...completionRows(raid, view, shownKeyOf('composer.complete')),
		input.row,
		footerRow(raid, view),
	];
	return {
		rows: fill(rows, size, theme),
		cursor: input.column === null ? null : {x: input.column, y: size.height - 2},
	};
}

/** The screen when a raid cannot be drawn: that is a bug, and must not take the keys away. */
export function failedScreen(error: unknown, {size}: ViewState, theme: Theme): Screen {
	const text = `This raid cannot be drawn: ${describeError(error)}`;
	const rows = [troubleRow(text, theme), [span('q quits; agents keep running. See it as text: raid --once')]];
	return {rows: fill(rows, size, theme), cursor: null};
}

/** In place of the status, because that may be wrong. */
function troubleRow(text: string, {marks}: Theme): Row {
	return [span(`${marks.alert} `, 'critical'), span(sanitiseLine(text), 'critical')];
}

function tooSmallRow({width, height}: Size, {marks}: Theme): Row {
	const needed = `${smallestScreen.width}${marks.times}${smallestScreen.height}`;
	return [span(`raid needs ${needed}, this is ${width}${marks.times}${height}`, 'warning')];
}

function bodyRows(raid: Raid, view: ViewState, theme: Theme): readonly Row[] {
	const layout = layoutOf(raid, view);
	const dialog = topDialog(view);
	const rows = dialog === null ? null : dialogKindOf(dialog).rows(dialog, raid, view, layout.body, theme);
	return rows ?? paneRows(raid, view, layout, theme);
}

function paneRows(raid: Raid, view: ViewState, layout: Layout, theme: Theme): readonly Row[] {
	const {chain, tail, isSideBySide} = layout;
	const mark = tailMark(raid, view, shownKeyOf('raid.newest'));
	const chainTitle = titleRow('spawn chain', chainMark(raid), chain.width, theme);
	const channelTitle = titleRow(tailTitle(view), mark, tail.width, theme);
	const left = fill(chainPane(raid, view, chain, startHint(raid), theme), chain, theme);
	const right = fill(tailPane(raid, view, tail, theme), tail, theme);
	if (!isSideBySide) return [chainTitle, ...left, channelTitle, ...right];
	const {joint, column} = theme.marks;
	return [
		[...chainTitle, span(joint, 'dim'), ...channelTitle],
		...left.map((row, index) => [...row, span(column, 'dim'), ...(right[index] ?? [])]),
	];
}

function startHint({system}: Raid): string {
	const none = 'no spawns yet';
	if (system.refusals.post !== null) return none;
	return `${none}: ${shownKeyOf('channel.message')} writes a message, @agent in it launches one`;
}

/** The question, the composer or the notice, and the column of the text cursor; null where there is none. */
function inputRow(
	raid: Raid,
	view: ViewState,
	theme: Theme,
): {readonly row: Row; readonly column: number | null} {
	const dialog = topDialog(view);
	const line = dialog === null ? null : dialogKindOf(dialog).line(dialog);
	if (line !== null) return {row: line, column: null};
	const notice = view.notice === null ? null : describeNotice(view.notice, raid);
	if (view.focus === 'composer' && dialog === null) return composerRow(view, notice, theme);
	if (view.notice === null || notice === null) return {row: draftRow(view, theme), column: null};
	return {row: [span(notice, isProblem(view.notice) ? 'warning' : 'good')], column: null};
}

/** Described when drawn, so that a spawn has the same name here as in the panes. */
function describeNotice(notice: Notice, raid: Raid): string {
	if (notice.type === 'problem') return sanitiseLine(notice.text);
	return sanitiseLine(describeResult(notice.action, notice.result, spawnNamesIn(raid)));
}

function isProblem(notice: Notice): boolean {
	if (notice.type === 'problem') return true;
	return notice.action.type === 'stop' && hasSurvivors(notice.result as Results['stop']);
}

/** Exactly so many rows, each of exactly so many columns. */
function fill(rows: readonly Row[], {width, height}: Size, {marks}: Theme): readonly Row[] {
	return Array.from({length: height}, (_, index) => fitRow(rows[index] ?? [], width, marks.cut));
}
