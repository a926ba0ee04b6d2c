import stringWidth from 'string-width';
import {UsageError} from '../errors.ts';
import {padText, type Row} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import {paint, themeFor} from '../text/theme.ts';
import type {Context} from './command.ts';

/** Prints a document as indented JSON. */
export function printJson(value: unknown, {terminal}: Context): void {
	terminal.print(`${JSON.stringify(value, null, '\t')}\n`);
}

/** Prints rows, each as a line, without blanks at the end. */
export function printRows(rows: readonly Row[], {terminal}: Context): void {
	const theme = themeFor(terminal);
	const lines = rows.map(row => paint(row, theme)).map(line => (terminal.hasColor ? line : line.trimEnd()));
	terminal.print(`${lines.join('\n')}\n`);
}

/** Prints a table of untrusted texts: aligned columns, the header first. Nothing when there are no lines. */
export function printTable(
	header: readonly string[],
	lines: readonly (readonly string[])[],
	{terminal}: Context,
): void {
	const safe = [header, ...lines].map(cells => cells.map(sanitiseLine));
	const widths = header.map((_, column) => Math.max(...safe.map(cells => stringWidth(cells[column] ?? ''))));
	const drawn = safe.map(cells =>
		cells
			.map((cell, column) => padText(cell, widths[column] ?? 0))
			.join('  ')
			.trimEnd(),
	);
	terminal.print(`${drawn.join('\n')}\n`);
}

/** The arguments of a command that takes exactly these. Throws a UsageError that names the one too few or too many. */
export function requireArguments<N extends string>(
	input: readonly string[],
	names: readonly N[],
	usage: string,
): Readonly<Record<N, string>> {
	const missing = names[input.length];
	if (missing !== undefined) throw new UsageError(`${missing} is missing.`, `Usage: ${usage}`);
	const extra = input[names.length];
	if (extra !== undefined) throw new UsageError(`"${extra}" is one argument too many.`, `Usage: ${usage}`);
	return Object.fromEntries(names.map((name, index) => [name, input[index]])) as Record<N, string>;
}
