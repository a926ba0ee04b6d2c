import {expect, test} from 'vitest';
import {instantOf, laterInstant, offsetOf, zoneChanges} from '../../../src/backend/space-os/time.ts';
import {minute, timeOfId} from '../../../src/model/time.ts';
import {idAt, wallTime} from '../../helpers/space-os.ts';

const hour = 60 * minute;
const zones = ['UTC', 'Australia/Sydney', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'];

test('an id of version 7 tells when it was made, another one nothing', () => {
	expect(timeOfId('01a20353-f4f7-7d2d-bb70-511f63ed9cbe')).toBe(Date.UTC(2026, 10, 22, 12, 56, 3, 575));
	expect(timeOfId('54991b9c-380b-4880-bcdc-ca4f6f86a754')).toBeNull();
	expect(timeOfId('2026-11-22T12-56-a0a2a4ed')).toBeNull();
});

test.each([
	['2025-11-30T20:00:00.123456', '2025-11-30T20:00:00.123Z'],
	['2025-11-30T20:00:00.5', '2025-11-30T20:00:00.500Z'],
	['2025-11-30T20:00:00', '2025-11-30T20:00:00.000Z'],
	['2025-11-30 20:00:00', '2025-11-30T20:00:00.000Z'],
	['2025-11-30T20:00:00.123Z', '2025-11-30T20:00:00.123Z'],
	['2025-11-30T20:00:00+05:30', '2025-11-30T14:30:00.000Z'],
])('%s is read', (text, iso) => {
	expect(instantOf(text, 0)).toBe(Date.parse(iso));
});

test.each(['', 'soon', '2025-13-40T99:00:00', '1764532800'])('"%s" is no time, and no failure', text => {
	expect(instantOf(text, 0)).toBeNull();
	expect(offsetOf(idAt(Date.UTC(2025, 0)), text)).toBeNull();
});

test('a time that names its zone needs no offset', () => {
	expect(instantOf('2025-11-30T20:00:00Z', 11 * hour)).toBe(Date.UTC(2025, 10, 30, 20));
});

test.each(zones)(
	'%s: the offset of each row is found, in summer and in winter, and its end placed by it',
	zone => {
		for (const at of [Date.UTC(2025, 0, 15, 3, 4, 5, 678), Date.UTC(2025, 6, 15, 23, 59, 59, 999)]) {
			const offset = offsetOf(idAt(at), wallTime(at, zone));
			expect(instantOf(wallTime(at, zone), offset ?? 0)).toBe(at);
			expect(laterInstant(wallTime(at + 12_345, zone), at, offset, [])).toBe(at + 12_345);
		}
	},
);

// Local clocks of New York go back on 2 November 2025 at 06:00 UTC, forward on 8 March 2026 at 07:00 UTC.
const back = Date.UTC(2025, 10, 2, 6);
const forward = Date.UTC(2026, 2, 8, 7);

/** The end of a run from one instant to another, as it is told when other rows were written at these times. */
function toldEnd(start: number, end: number, others: readonly number[], zone = 'America/New_York') {
	const row = (at: number) => ({at, offset: offsetOf(idAt(at), wallTime(at, zone))});
	const changes = zoneChanges([start, ...others].toSorted((a, b) => a - b).map(row));
	return laterInstant(wallTime(end, zone), start, row(start).offset, changes);
}

test('a run over the end of summer time is told right, also when no other row helps', () => {
	expect(toldEnd(back - 10 * minute, back + 10 * minute, [])).toBe(back + 10 * minute);
	expect(toldEnd(back - 10 * minute, back + 10 * minute, [back + 5 * minute])).toBe(back + 10 * minute);
});

test('a run over the begin of summer time is told right when another row shows it, else an hour long', () => {
	expect(toldEnd(forward - 10 * minute, forward + 10 * minute, [forward + 5 * minute])).toBe(
		forward + 10 * minute,
	);
	expect(toldEnd(forward - 10 * minute, forward + 10 * minute, [])).toBe(forward + 10 * minute + hour);
});

test('a row that is used again months later ends right as soon as another row was written since', () => {
	const start = Date.UTC(2025, 8, 1);
	const end = Date.UTC(2025, 11, 1);
	expect(toldEnd(start, end, [Date.UTC(2025, 10, 20)])).toBe(end);
	expect(Math.abs((toldEnd(start, end, []) ?? 0) - end)).toBeLessThanOrEqual(hour);
});

test('a row of a writer in another zone does not count', () => {
	const start = Date.UTC(2025, 6, 1);
	const changes = zoneChanges([
		{at: start, offset: 10 * hour},
		{at: start + minute, offset: 0},
	]);
	expect(laterInstant(wallTime(start + 5 * minute, 'Australia/Sydney'), start, 10 * hour, changes)).toBe(
		start + 5 * minute,
	);
});

test('no end comes before its beginning', () => {
	expect(laterInstant('2025-01-01T00:00:00', Date.UTC(2025, 5, 1), 0, [])).toBe(Date.UTC(2025, 5, 1));
});
