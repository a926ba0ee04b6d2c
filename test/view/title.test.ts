import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {textOf} from '../../src/text/row.ts';
import {plainTheme} from '../../src/text/theme.ts';
import {titleRow} from '../../src/view/title.ts';

test('a title is a rule across the whole width, and its mark is never cut', () => {
	const drawn = (title: string, mark: string, width: number) =>
		textOf(titleRow(title, mark, width, plainTheme));

	expect(drawn('chain', '', 12)).toBe('─ chain ────');
	expect(drawn('#general', '3 new', 20)).toBe('─ #general (3 new) ─');
	expect(drawn('#a-long-name', '3 new', 19)).toBe('─ #a-long… (3 new) ');
	for (const width of [1, 2, 5, 8]) expect(stringWidth(drawn('宽宽宽', 'mark', width))).toBe(width);
});
