import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import {graphemesOf} from './graphemes.ts';

/** The meaning of a piece of a row; the theme decides how it looks. */
export type Style = 'plain' | 'dim' | 'strong' | 'good' | 'warning' | 'critical' | 'accent' | 'selected';

/** A piece of a row in one style. Its text is safe and has no line break, because it is measured before it is painted. */
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

/**
 * The row in exactly `width` columns: filled up with `fill`, which is one column wide, or cut, with `mark` (at most one
 * column) as its last character.
 */
export function fitRow(row: Row, width: number, mark: string, fill: Span = span(' ')): Row {
	const own = widthOf(row);
	if (own === width) return row;
	if (own < width) return [...row, span(fill.text.repeat(width - own), fill.style)];
	if (width <= 0) return [];
	return cutRow(row, width, mark);
}

function cutRow(row: Row, width: number, mark: string): Row {
	const kept: Span[] = [];
	let left = width - stringWidth(mark);
	for (const {text, style} of row) {
		const part = cutText(text, left);
		kept.push({text: part, style});
		left -= stringWidth(part);
		if (part.length < text.length) {
			// Half of a wide character may be left over.
			kept.push({text: `${mark}${' '.repeat(left)}`, style});
			break;
		}
	}
	return kept;
}

/** A text in exactly `width` columns; `mark` ends one that is cut. */
export function fitText(text: string, width: number, mark: string): string {
	return textOf(fitRow([span(text)], width, mark));
}

/** A text filled up with blanks to `width` columns; a wider one stays whole. */
export function padText(text: string, width: number): string {
	return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** A text that is cut, with `mark` at its end, when it is wider than `width` columns. */
export function shorten(text: string, width: number, mark: string): string {
	return stringWidth(text) <= width ? text : fitText(text, width, mark).trimEnd();
}

/** The text of a row, without styles. */
export function textOf(row: Row): string {
	return row.map(({text}) => text).join('');
}

/** A safe text as lines of at most `width` columns, broken between words where that is possible. */
export function wrap(text: string, width: number): readonly string[] {
	return text.split('\n').flatMap(line => {
		const [first = '', ...rest] = wrapAnsi(line, Math.max(1, width), {hard: true, trim: false}).split('\n');
		// The blank at which a line was broken belongs to neither part; indentation stays.
		return [first.trimEnd(), ...rest.map(part => part.trim())];
	});
}

function cutText(text: string, width: number): string {
	let kept = '';
	let left = width;
	for (const {segment} of graphemesOf(text)) {
		left -= stringWidth(segment);
		if (left < 0) break;
		kept += segment;
	}
	return kept;
}
