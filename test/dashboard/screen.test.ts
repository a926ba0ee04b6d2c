import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {press} from '../../src/dashboard/keymap.ts';
import {dashboardScreen, snapshotRows} from '../../src/dashboard/screen.ts';
import {initialView} from '../../src/dashboard/state.ts';
import {paint} from '../../src/text/theme.ts';
import {aMessage, aRaid, aSpawn, noon} from '../helpers/builders.ts';

const hostile = '\u001b[2J\u001b]0;x\u0007宽宽🛡️👩‍🚀\n\ttab';
const spawns = Array.from({length: 30}, (_, index) =>
	aSpawn({
		id: `id-${String(index).padStart(4, '0')}`,
		parentId: index === 0 ? null : `id-${String(index - 1).padStart(4, '0')}`,
	}),
);
const messages = Array.from({length: 40}, (_, index) =>
	aMessage({id: `m${index}`, text: `${index} ${hostile.repeat(9)}`}),
);
const raid = aRaid({spawns, messages}, noon + 5000);
const views = {
	browse: initialView,
	compose: {...initialView, mode: {type: 'compose'}, draft: {text: `@${'宽'.repeat(300)}`, cursor: 200}},
	help: {...initialView, mode: {type: 'help'}},
	channels: {...initialView, mode: {type: 'channels', chosen: 'general'}},
	confirm: press('x', initialView, raid).view,
} as const;

test.each(
	[
		[200, 50],
		[120, 40],
		[80, 24],
		[40, 12],
		[40, 10],
		[8, 3],
	].flatMap(([width = 0, height = 0]) =>
		Object.keys(views).map(name => [width, height, name as keyof typeof views] as const),
	),
)('%d×%d %s: every row fills the screen exactly', (width, height, name) => {
	const {rows, cursor} = dashboardScreen(raid, views[name], {width, height});

	expect(rows).toHaveLength(height);
	for (const row of rows) expect(stringWidth(paint(row, false))).toBe(width);
	if (cursor !== null) expect(cursor.x).toBeLessThan(width);
	expect(rows.map(row => paint(row, false)).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
});

test('the selection is told without colours', () => {
	const text = dashboardScreen(raid, {...initialView, selected: 'id-0003'}, {width: 80, height: 24}).rows.map(
		row => paint(row, false),
	);
	expect(text.filter(line => line.startsWith('▸'))).toHaveLength(1);
	expect(text.find(line => line.startsWith('▸'))).toContain('#0003');
});

test('a mention shows what became of it, and how its spawn is', () => {
	const mention = {
		messageId: 'm',
		identity: 'hailot',
		outcome: 'launched',
		reason: null,
		spawnId: 's-1234',
		decidedAt: noon,
	};
	const told = aRaid({
		spawns: [aSpawn({id: 's-1234', status: 'failed', failure: 'exit 3', endedAt: noon})],
		messages: [aMessage({mentions: [mention as never]})],
	});
	const text = snapshotRows(told, 100, true).map(row => paint(row, false).trimEnd());

	expect(text).toContain('  → @hailot launched #1234 ✗ failed');
	expect(text.find(line => line.startsWith('✗ hailot #1234'))).toMatch(/failed .* exit 3$/);
});

test('text without a terminal has no escape sequence', () => {
	expect(
		snapshotRows(raid, 100, true)
			.map(row => paint(row, false))
			.join('\n'),
	).not.toContain('\u001b');
});
