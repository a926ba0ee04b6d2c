import type {Raid} from '../../model/raid.ts';
import {fitRow, padText, type Row, span} from '../../text/row.ts';
import type {Theme} from '../../text/theme.ts';
import {type Binding, neverRefused, type Section} from '../binding.ts';
import {labelOfKey} from '../key-labels.ts';
import {layoutOf} from '../layout.ts';
import {changeDialog, closeDialog, type Dialog, type ViewState} from '../state.ts';
import type {DialogKind} from './dialog.ts';

type HelpDialog = Extract<Dialog, {type: 'help'}>;

const twoColumnsFrom = 100;
const keyWidth = 10;

/** The help: every key of the sections. They are read when it is shown, because its own keys are among them. */
export function helpKind(sections: () => readonly Section[]): DialogKind<HelpDialog> {
	const scrolling = (name: string, keys: readonly string[], dialog: HelpDialog, by: number): Binding => ({
		id: `help.${name}`,
		keys,
		label: 'scroll',
		help: `scroll the help ${name}`,
		footer: 'always',
		refusal: neverRefused,
		press(view, raid) {
			const {width, height} = layoutOf(raid, view).body;
			const last = Math.max(0, countRows(columnsOf(sections(), raid, view, width)) - height);
			const scrolled = Math.max(0, Math.min(last, dialog.scrolled + by));
			return {view: changeDialog(view, {...dialog, scrolled})};
		},
	});
	return {
		title: 'Help',
		bindings: dialog => [
			scrolling('down', ['j', 'down'], dialog, 1),
			scrolling('up', ['k', 'up'], dialog, -1),
			{
				id: 'help.back',
				keys: ['escape', '?', 'q', 'return', 'ctrl-c'],
				label: 'back',
				help: 'back',
				footer: 'always',
				refusal: neverRefused,
				press: view => ({view: closeDialog(view)}),
			},
		],
		rows({scrolled}, raid, view, {width, height}, theme) {
			const rows = joined(columnsOf(sections(), raid, view, width), width, theme);
			return rows.slice(Math.min(scrolled, Math.max(0, rows.length - height)));
		},
		line: () => null,
	};
}

/** The sections in one column, or in two of about the same length. */
function columnsOf(
	sections: readonly Section[],
	raid: Raid,
	view: ViewState,
	width: number,
): readonly (readonly Row[])[] {
	// A key is off in the help when it is off behind it.
	const behind = closeDialog(view);
	const drawn = sections.map(section => sectionRows(section, raid, behind));
	if (width < twoColumnsFrom) return [drawn.flat()];
	const half = drawn.flat().length / 2;
	const columns: Row[][] = [[], []];
	for (const rows of drawn) columns[(columns[0]?.length ?? 0) < half ? 0 : 1]?.push(...rows);
	return columns;
}

function countRows(columns: readonly (readonly Row[])[]): number {
	return Math.max(...columns.map(rows => rows.length));
}

function joined(columns: readonly (readonly Row[])[], width: number, {marks}: Theme): readonly Row[] {
	const own = Math.floor(width / columns.length);
	return Array.from({length: countRows(columns)}, (_, index) =>
		columns.flatMap(rows => fitRow(rows[index] ?? [], own, marks.cut)),
	);
}

function sectionRows({title, bindings}: Section, raid: Raid, view: ViewState): readonly Row[] {
	return [[span(title, 'strong')], ...bindings.map(binding => bindingRow(binding, raid, view))];
}

/** A key that is off is in brackets, as in the footer. */
function bindingRow({keys, help, refusal}: Binding, raid: Raid, view: ViewState): Row {
	const [key = '', ...others] = keys.map(labelOfKey);
	const also = others.length === 0 ? '' : ` (also ${others.join(', ')})`;
	if (refusal(raid, view) === null)
		return [span(`  ${padText(key, keyWidth)}`, 'accent'), span(`${help}${also}`)];
	return [span(` ${padText(`(${key})`, keyWidth + 1)}${help}${also}`, 'dim')];
}
