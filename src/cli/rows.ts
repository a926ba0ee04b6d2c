import stringWidth from 'string-width';
import {padText, type Row, span} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';

/** A row of untrusted text. */
export function textRow(text: string): Row {
	return [span(sanitiseLine(text))];
}

/** A table of untrusted texts as rows: aligned columns, the header first. */
export function tableRows(header: readonly string[], lines: readonly (readonly string[])[]): readonly Row[] {
	const safe = [header, ...lines].map(cells => cells.map(safeCell));
	const widths = header.map((_, column) => Math.max(...safe.map(cells => stringWidth(cells[column] ?? ''))));
	return safe.map(cells => {
		const fitted = cells.map((cell, column) => padText(cell, widths[column] ?? 0));
		return [span(fitted.join('  ').trimEnd())];
	});
}

const longestCell = 500;

/** One long text would make every line as wide as itself; `--json` has it whole. */
function safeCell(text: string): string {
	return sanitiseLine(text.length > longestCell ? `${text.slice(0, longestCell)} …` : text);
}
