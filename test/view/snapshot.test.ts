import {expect, test} from 'vitest';
import {minute} from '../../src/model/time.ts';
import {textOf} from '../../src/text/row.ts';
import {paint, plainTheme, standardTheme} from '../../src/text/theme.ts';
import {snapshotRows} from '../../src/view/snapshot.ts';
import {aMessage, aRaid, aSpawn, noon} from '../helpers/builders.ts';

const ended = {status: 'completed', endedAt: noon} as const;
const spawns = Array.from({length: 12}, (_, index) =>
	aSpawn({id: `id-00${10 + index}`, createdAt: noon + index, ...(index === 1 ? {} : ended)}),
);
const raid = aRaid({spawns, messages: [aMessage({text: 'hello'})]}, noon + 2 * minute);

function drawn(from: typeof raid, isWhole: boolean): readonly string[] {
	return snapshotRows(from, {width: 80, isWhole}, plainTheme).map(row => textOf(row).trimEnd());
}

test('a snapshot shows the live and the latest chains, and says how many more there are', () => {
	const lines = drawn(raid, false);
	const shown = lines.flatMap(line => /#00\d\d/.exec(line)?.[0] ?? []);

	expect(shown).toEqual(['#0011', '#0017', '#0018', '#0019', '#0020', '#0021']);
	expect(lines).toContain('… 6 more ended: --all shows them');
	expect(lines.at(-1)).toBe('  hello');
});

test('the number of hidden spawns counts those that were not read, too', () => {
	const lines = drawn({...raid, totals: {...raid.totals, completed: 511}}, false);
	expect(lines).toContain('… 506 more ended: --all shows them');
});

test('a whole snapshot hides nothing', () => {
	const lines = drawn(raid, true);
	expect(lines.filter(line => /#00\d\d/.test(line))).toHaveLength(12);
	expect(lines.join('\n')).not.toContain('--all');
});

test('a snapshot of nothing says so', () => {
	const lines = drawn(aRaid({channel: null, channels: []}), false);
	expect(lines).toContain('no spawns yet');
	expect(lines.join('\n')).toContain('─ no channel ─');
});

test('without colours a snapshot has no escape sequence', () => {
	const paintedIn = (theme: typeof plainTheme) =>
		snapshotRows(raid, {width: 80, isWhole: true}, theme)
			.map(row => paint(row, theme))
			.join('');
	expect(paintedIn(plainTheme)).not.toContain('\u001b');
	expect(paintedIn(standardTheme)).toContain('\u001b');
});
