import {expect, test, vi} from 'vitest';
import {clock} from '../../src/text/time.ts';

vi.hoisted(() => {
	process.env.TZ = 'Asia/Tokyo';
});

test('the time of day is that of the reader', () => {
	expect(clock(Date.UTC(2026, 0, 1, 15, 4, 5))).toBe('00:04:05');
	expect(clock(Date.UTC(2026, 0, 1, 3))).toBe('12:00:00');
});
