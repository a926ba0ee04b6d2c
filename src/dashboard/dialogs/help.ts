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

const back: Binding = {
	id: 'help.back',
	keys: ['escape', '?', 'q', 'return', 'ctrl-c'],
	label: 'back',
	help: 'back',
	footer: 'always',
	refusal: neverRefused,
	press: view => ({view: closeDialog(view)}),
};

/**
 * The help: every key of the sections. They are read when it is shown, because its own keys are among them. `heard` are
 * the bindings that hear the keys of a view.
 */
export function helpKind(
	sections: () => readonly Section[],
	heard: (view: ViewState) => readonly Binding[],
): DialogKind<HelpDialog> {
	const columns = (raid: Raid, view: ViewState, width: number) => {
		const behind = closeDialog(view);
		const now = heard(behind);
		const isOff = (binding: Binding) => now.includes(binding) && binding.refusal(raid, behind) !== null;
		return helpColumns(sections(), isOff, width);
	};
	const scrolling = (name: string, keys: readonly string[], dialog: HelpDialog, by: number): Binding => ({
		id: `help.${name}`,
		keys,
		label: 'scroll',
		help: `scroll the help ${name}`,
		footer: 'always',
		refusal: neverRefused,
		press(view, raid) {
			const {width, height} = layoutOf(raid, view).body;
			const last = Math.max(0, countRows(columns(raid, view, width)) - height);
			const scrolled = Math.max(0, Math.min(last, dialog.scrolled + by));
			return {view: changeDialog(view, {...dialog, scrolled})};
		},
	});
	return {
		title: 'Help',
		bindings: dialog => [
			scrolling('down', ['j', 'down'], dialog, 1),
			scrolling('up', ['k', 'up'], dialog, -1),
			back,
		],
		rows({scrolled}, raid, view, {width, height}, theme) {
			const rows = joined(columns(raid, view, width), width, theme);
			return rows.slice(Math.min(scrolled, Math.max(0, rows.length - height)));
		},
		line: () => null,
	};
}

/** The sections in one column, or in two of about the same length. */
function helpColumns(
	sections: readonly Section[],
	isOff: (binding: Binding) => boolean,
	width: number,
): readonly (readonly Row[])[] {
	const drawn = sections.map(section => sectionRows(section, isOff));
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

function sectionRows({title, bindings}: Section, isOff: (binding: Binding) => boolean): readonly Row[] {
	return [[span(title, 'strong')], ...bindings.map(binding => bindingRow(binding, isOff(binding)))];
}

/** A key that is off is dim and in brackets, as in the footer. */
function bindingRow({keys, help}: Binding, isOff: boolean): Row {
	const [key = '', ...others] = keys.map(labelOfKey);
	const also = others.length === 0 ? '' : ` (also ${others.join(', ')})`;
	if (isOff) return [span(` ${padText(`(${key})`, keyWidth + 1)}${help}${also}`, 'dim')];
	return [span(`  ${padText(key, keyWidth)}`, 'accent'), span(`${help}${also}`)];
}
