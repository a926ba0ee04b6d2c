import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {dashboardScreen, failedScreen} from '../../src/dashboard/screen.ts';
import {initialView} from '../../src/dashboard/state.ts';
import {textOf} from '../../src/text/row.ts';
import {paint, plainTheme, standardTheme, themeFor} from '../../src/text/theme.ts';
import {aMessage, aRaid, aSpawn, noon} from '../helpers/builders.ts';
import {anOperator} from '../helpers/operator.ts';

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
const keys = {
	panes: [],
	composer: ['m', '@', ...'宽'.repeat(300)],
	completion: ['m', '@', 's'],
	help: ['?'],
	channels: ['c'],
	question: ['x'],
	'scrolled back': ['pageup', 'pageup'],
} as const;

test.each(
	[
		[200, 50],
		[120, 40],
		[119, 40],
		[80, 24],
		[40, 12],
		[40, 10],
		[8, 3],
	].flatMap(([width = 0, height = 0]) =>
		Object.entries(keys).map(([name, pressed]) => [width, height, name, pressed] as const),
	),
)('at %d×%d the %s fill the screen exactly', (width, height, _name, pressed) => {
	const {rows, cursor} = anOperator(raid, {width, height})
		.press(...pressed)
		.screen();

	expect(rows).toHaveLength(height);
	for (const row of rows) expect(stringWidth(textOf(row))).toBe(width);
	if (cursor !== null) expect(cursor.x).toBeLessThan(width);
	expect(rows.map(textOf).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
});

test('the selection is seen without colours', () => {
	const lines = anOperator(raid, {width: 80, height: 24}).press('g', 'j', 'j', 'j').lines();
	const marked = lines.filter(line => line.startsWith('▸'));

	expect(marked).toHaveLength(1);
	expect(marked[0]).toContain('#0003');
});

test('with colours the text is the same', () => {
	const {view} = anOperator(raid);
	const {rows} = dashboardScreen(raid, view(), standardTheme);
	const colored = rows.map(row => paint(row, themeFor({hasColor: true})));

	expect(colored.join('')).toContain('\u001b[1m');
	expect(colored.map(row => row.replaceAll(/\u001b\[\d+m/g, '').trimEnd())).toEqual(anOperator(raid).lines());
});

test('a spawn has one name on the whole screen', () => {
	const pair = ['aaaa-1-9999', 'bbbb-2-9999'].map(id => aSpawn({id}));
	const mention = {
		messageId: 'm',
		identity: 'hailot',
		outcome: 'launched',
		reason: null,
		spawnId: 'bbbb-2-9999',
		decidedAt: noon,
	} as const;
	const shown = aRaid({spawns: pair, messages: [aMessage({id: 'm', mentions: [mention]})]}, noon + 300_000);
	const operator = anOperator(shown).press('G', 'x');
	const kill = {type: 'stop', target: {type: 'spawns', ids: ['bbbb-2-9999']}} as const;
	const names = (lines: readonly string[]) => lines.join('\n').match(/#\S*9999/g) ?? [];

	expect(names(operator.lines())).toContain('#2-9999');
	expect(names(operator.lines()).filter(name => name !== '#2-9999')).toEqual(['#1-9999']);
	operator.press('y').succeed(kill, {
		spawns: [{id: 'bbbb-2-9999', agent: 'hailot', hadEnded: true, signalled: [], survivors: []}],
	});
	expect(operator.input()).toBe('hailot #2-9999 had already ended.');
});

test('ids, names and words of a strange store are harmless', () => {
	const evil = '\u001b]0;owned\u0007\u202e';
	const strange = aRaid({
		channel: `x${evil}`,
		spawns: [
			aSpawn({id: `id${evil}`, agent: `a${evil}`, channel: `x${evil}`, failure: evil, status: 'failed'}),
		],
		messages: [aMessage({channel: `x${evil}`, from: `f${evil}`, text: evil})],
	});
	for (const pressed of [[], ['c'], ['m'], ['@'], ['x'], ['?']]) {
		const text = anOperator(strange)
			.press(...pressed)
			.lines()
			.join('');
		expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
	}
});

test('the title of the chain says when not every spawn was read', () => {
	const longer = {...aRaid({spawns}), totals: {...raid.totals, completed: 300}};
	expect(anOperator(longer).lines().join('\n')).toContain('spawn chain (30 of 330)');
	expect(anOperator(raid).lines().join('\n')).not.toContain(' of 30)');
});

test('a raid that cannot be drawn is said to be, on a whole screen', () => {
	const {rows} = failedScreen(
		new Error('\u001b[31mno \u202esuch row'),
		{...initialView, size: {width: 80, height: 24}},
		plainTheme,
	);

	expect(rows).toHaveLength(24);
	expect(textOf(rows[0] ?? []).trimEnd()).toBe('! This raid cannot be drawn: no such row');
});
