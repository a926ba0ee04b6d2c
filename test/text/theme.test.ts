import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {span} from '../../src/text/row.ts';
import {paint, plainTheme, standardTheme, themeFor} from '../../src/text/theme.ts';

test('a row is painted in the styles of its parts, and bare without colours', () => {
	const row = [span('a'), span('b', 'critical'), span('c', 'dim')];

	expect(paint(row, themeFor({hasColor: true}))).toMatch(/^a\u001b\[.*b.*\u001b\[2mc\u001b\[22m$/);
	expect(paint(row, themeFor({hasColor: false}))).toBe('abc');
});

test('without colours every style is bare', () => {
	for (const style of Object.keys(plainTheme.palette) as (keyof typeof plainTheme.palette)[])
		expect(paint([span('x', style)], plainTheme)).toBe('x');
});

test('each state has a glyph of one column and a word', () => {
	for (const [state, {glyph, word}] of Object.entries(standardTheme.states)) {
		expect(stringWidth(glyph), state).toBe(1);
		expect(word, state).toMatch(/^[a-z ]+$/);
	}
});

test('each mark has the width that the layout counts on', () => {
	const {branch, lastBranch, trunk, noTrunk, ...others} = standardTheme.marks;
	for (const mark of [branch, lastBranch, trunk, noTrunk]) expect(stringWidth(mark)).toBe(2);
	for (const mark of Object.values(others)) expect(stringWidth(mark)).toBe(1);
});
