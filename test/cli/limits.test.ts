import {expect, test} from 'vitest';
import {readLimits, settableLimits} from '../../src/cli/limits.ts';
import {defaultLimits} from '../../src/model/limits.ts';

test('limits are read by their keys in config.json', () => {
	expect(readLimits(['maxLive=8', 'stallAfter=5m', 'killAfter=default'])).toEqual({
		maxLive: 8,
		stallAfterMs: 300_000,
		killAfterMs: null,
	});
	expect(readLimits([])).toEqual({});
});

test.each([
	['maxLive', '"maxLive" is not KEY=VALUE.'],
	['maxLive=', '"maxLive=" is not KEY=VALUE.'],
	['colour=red', '"colour" is not a limit.'],
	['maxlive=3', '"maxlive" is not a limit.'],
	['maxLive=1.5', 'maxLive is "1.5", but must be a whole number.'],
	['stallAfter=3', 'stallAfter is "3", but must be a duration such as "90s" or "3m".'],
	['graceful=soon', 'graceful is "soon", but must be a duration such as "90s" or "3m".'],
])('%s is refused', (word, message) => {
	expect(() => readLimits([word])).toThrow(message);
});

test('limits are shown as config.json would write them', () => {
	const stallAfter = settableLimits.find(({key}) => key === 'stallAfter');

	expect(stallAfter?.show({...defaultLimits, stallAfterMs: 90_000})).toBe('90s');
	expect(stallAfter?.show({...defaultLimits, stallAfterMs: 1500})).toBe('1500ms');
	expect(settableLimits.map(({key, show}) => `${key}=${show(defaultLimits)}`)).toEqual([
		'maxLive=4',
		'maxDepth=3',
		'leash=16+6/h',
		'breaker=5',
		'retries=1',
		'stallAfter=3m',
		'overdueAfter=10m',
		'killAfter=never',
		'hangAfter=10m',
		'maxOutput=512MiB',
		'keepLogs=30d',
		'graceful=5s',
	]);
});

test('a leash is a burst and how it refills, or a mere number', () => {
	expect(readLimits(['leash=4+12/h'])).toEqual({leash: {burst: 4, perHour: 12}});
	expect(readLimits(['leash=4'])).toEqual({leash: {burst: 4, perHour: 0}});
	expect(() => readLimits(['leash=4+x'])).toThrow('leash is "4+x", but must be a number such as 16, or');
});
