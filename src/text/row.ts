import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** What a piece of a row means; the theme decides how that looks. */
export type Style = 'plain' | 'dim' | 'strong' | 'good' | 'warning' | 'critical' | 'accent' | 'selected';

/** A piece of a row in one style. Its text is safe and has no line break. */
export interface Span {
	readonly text: string;
	readonly style: Style;
}

/** One line of the screen. */
export type Row = readonly Span[];

/** A span; plain when no style is given. */
export function span(text: string, style: Style = 'plain'): Span {
	return {text, style};
}

/** Columns that a row takes. */
export function widthOf(row: Row): number {
	return row.reduce((sum, {text}) => sum + stringWidth(text), 0);
}

/** The row in exactly so many columns: cut, with `…` as the last one, or filled with blanks. */
export function fitRow(row: Row, width: number): Row {
	const own = widthOf(row);
	if (own === width) return row;
	if (own < width) return [...row, span(' '.repeat(width - own))];
	if (width <= 0) return [];
	const kept: Span[] = [];
	let left = width - 1;
	for (const {text, style} of row) {
		const part = cutText(text, left);
		kept.push({text: part, style});
		left -= stringWidth(part);
		if (part.length < text.length) {
			kept.push({text: `…${' '.repeat(left)}`, style});
			break;
		}
	}
	return kept;
}

/** A text in exactly so many columns. */
export function fitText(text: string, width: number): string {
	return fitRow([span(text)], width)
		.map(part => part.text)
		.join('');
}

/** A safe text as lines of at most so many columns, broken between words where that is possible. */
export function wrap(text: string, width: number): readonly string[] {
	return text.split('\n').flatMap(line => {
		const [first = '', ...rest] = wrapAnsi(line, Math.max(1, width), {hard: true, trim: false}).split('\n');
		// The blank that a line was broken at belongs to neither part; indentation stays.
		return [first.trimEnd(), ...rest.map(part => part.trim())];
	});
}

const segmenter = new Intl.Segmenter();

function cutText(text: string, width: number): string {
	let kept = '';
	let left = width;
	for (const {segment} of segmenter.segment(text)) {
		left -= stringWidth(segment);
		if (left < 0) break;
		kept += segment;
	}
	return kept;
}
