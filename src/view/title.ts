import {fitRow, type Row, shorten, span} from '../text/row.ts';
import type {Theme} from '../text/theme.ts';

/** The title of a part of the screen, as a rule across `width` columns. The `mark` after it is never cut. */
export function titleRow(title: string, mark: string, width: number, {marks}: Theme): Row {
	const after = mark === '' ? '' : ` (${mark})`;
	const room = Math.max(1, width - `${marks.rule}  `.length - after.length);
	const row = [
		span(`${marks.rule} `, 'dim'),
		span(`${shorten(title, room, marks.cut)}${after}`, 'strong'),
		span(' '),
	];
	return fitRow(row, width, '', span(marks.rule, 'dim'));
}
