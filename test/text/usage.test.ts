import {expect, test} from 'vitest';
import {formatCount, formatUsed} from '../../src/text/usage.ts';

test('numbers of tokens take few characters', () => {
	const counts = [0, 999, 1000, 9949, 9950, 31_400, 999_499, 999_500, 1_240_000, 12_400_000];
	expect(counts.map(formatCount)).toEqual([
		'0',
		'999',
		'1.0k',
		'9.9k',
		'10k',
		'31k',
		'999k',
		'1.0M',
		'1.2M',
		'12M',
	]);
});

test('tokens and cost are shown as far as they are known', () => {
	expect(formatUsed({tokensIn: null, tokensOut: null, costUsd: null})).toBe('');
	expect(formatUsed({tokensIn: 1200, tokensOut: null, costUsd: null})).toBe('1.2k/0');
	expect(formatUsed({tokensIn: 31_000, tokensOut: 12, costUsd: 0.087})).toBe('31k/12 $0.09');
});

test('a number that nobody can have used stays short', () => {
	expect([1e308, Number.POSITIVE_INFINITY, Number.NaN, -5].map(formatCount)).toEqual([
		'>999999M',
		'>999999M',
		'?',
		'-5',
	]);
	expect(formatUsed({tokensIn: 1e308, tokensOut: 0, costUsd: 1e308})).toBe('>999999M/0 $>1.0M');
});
