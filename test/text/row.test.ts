import fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {fitRow, fitText, padText, shorten, span, textOf, widthOf, wrap} from '../../src/text/row.ts';
import {sanitise} from '../../src/text/sanitise.ts';

test('a row is filled up or cut to exactly its width', () => {
	const row = [span('ab', 'strong'), span('cdef', 'dim')];
	const fit = (width: number) => textOf(fitRow(row, width, '…'));

	expect([0, 1, 3, 6, 8].map(fit)).toEqual(['', '…', 'ab…', 'abcdef', 'abcdef  ']);
	expect(fitRow(row, 8, '…', span('─', 'dim')).at(-1)).toEqual(span('──', 'dim'));
	expect(fitRow(row, 3, '…')).toContainEqual(span('ab', 'strong'));
});

test('a wide character that does not fit leaves a blank', () => {
	expect(fitText('宽宽宽', 4, '…')).toBe('宽… ');
	expect(fitText('宽宽', 4, '…')).toBe('宽宽');
});

test('every safe text fits every width', () => {
	fc.assert(
		fc.property(fc.string({unit: 'grapheme'}), fc.nat(40), (text, width) => {
			const safe = sanitise(text).replaceAll('\n', ' ');
			expect(stringWidth(fitText(safe, width, '…'))).toBe(width);
		}),
	);
});

test('a text is padded or shortened by columns, not by characters', () => {
	expect(padText('宽', 4)).toBe('宽  ');
	expect(padText('longer', 4)).toBe('longer');
	expect(shorten('longer', 4, '…')).toBe('lon…');
	expect(shorten('宽', 2, '…')).toBe('宽');
	expect(widthOf([span('宽'), span('a')])).toBe(3);
});

test('a text is broken between words, and within one that is too long', () => {
	expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
	expect(wrap('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
	expect(wrap('a\n  b', 10)).toEqual(['a', '  b']);
	expect(wrap('', 10)).toEqual(['']);
});
