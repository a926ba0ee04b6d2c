import {expect, test} from 'vitest';
import {queryOf} from '../../src/dashboard/query.ts';
import type {MessageWithMentions} from '../../src/model/message.ts';
import {presentQuery} from '../../src/model/query.ts';
import type {Raid} from '../../src/model/raid.ts';
import {aMessage, aRaid, aSpawn} from '../helpers/builders.ts';
import {anOperator} from '../helpers/operator.ts';

const sizes = [
	{width: 120, height: 40},
	{width: 80, height: 24},
	{width: 40, height: 10},
];

function numbered(from: number, to: number): readonly MessageWithMentions[] {
	return Array.from({length: to - from}, (_, index) =>
		aMessage({id: `n${from + index}`, text: `text ${from + index}.`}),
	);
}

/** A raid whose channel holds `total` messages, of which `messages` were read. */
function aChannel(messages: readonly MessageWithMentions[], total = messages.length): Raid {
	const raid = aRaid({messages, spawns: [aSpawn()]});
	return {...raid, channels: raid.channels.map(channel => ({...channel, messages: total}))};
}

/** The rows of the channel on the screen, without its title. */
function tailOf(lines: readonly string[]): readonly string[] {
	const title = lines.findIndex(line => line.includes('─ #general'));
	const parts = lines.slice(title + 1, -2);
	return parts.map(line => (lines[title]?.includes('┬') ? (line.split('│')[1] ?? '') : line));
}

test.each(sizes)('at $width×$height each row of a message of 300 lines can be reached, and left', size => {
	const text = Array.from({length: 300}, (_, index) => `line ${index}.`).join('\n');
	const operator = anOperator(aChannel([aMessage({text})]), size);
	const seen = new Set<string>();
	const look = () => {
		for (const line of tailOf(operator.lines())) seen.add(line.trim());
	};
	look();
	let presses = 0;
	for (; operator.view().notice === null; presses += 1) {
		look();
		operator.press('pageup');
	}
	for (let index = 0; index < 300; index += 1) expect(seen).toContain(`line ${index}.`);

	for (let back = 0; operator.view().panes.tail.type === 'scrolled'; back += 1) {
		const before = operator.lines();
		operator.press('pagedown');
		expect(tailOf(operator.lines())).not.toEqual(tailOf(before));
		expect(back).toBeLessThan(presses);
	}
	expect(tailOf(operator.lines()).at(-1)?.trim()).toBe('line 299.');
});

test.each(sizes)(
	'at $width×$height each key press moves the text, on the way back and on the way on',
	size => {
		const operator = anOperator(aChannel(numbered(0, 200)), size);
		const move = (key: string) => {
			const before = tailOf(operator.lines());
			operator.press(key);
			return tailOf(operator.lines()).join('\n') !== before.join('\n');
		};
		let pages = 0;
		while (move('pageup')) pages += 1;
		expect(operator.input()).toBe('The first message is already shown.');
		expect(tailOf(operator.lines())[1]?.trim()).toBe('text 0.');

		for (let page = 0; page < pages; page += 1) expect(move('pagedown')).toBe(true);
		expect(operator.view().panes.tail).toEqual({type: 'following'});
		expect(move('pagedown')).toBe(false);
		expect(operator.input()).toBe('The newest message is already shown.');
	},
);

test('nothing moves while scrolled back when something arrives, and a mark says how many are new', () => {
	const operator = anOperator(aChannel(numbered(0, 200))).press('pageup', 'pageup');
	const before = operator.lines();
	expect(before.join('\n')).toContain('#general (scrolled back, Esc: newest)');

	operator.receive(aChannel(numbered(0, 203)));
	expect(tailOf(operator.lines())).toEqual(tailOf(before));
	expect(operator.lines().join('\n')).toContain('#general (3 new, Esc: newest)');

	operator.press('escape');
	expect(tailOf(operator.lines()).at(-1)).toContain('text 202.');
	expect(operator.lines().join('\n')).not.toContain('Esc: newest');
});

test('nothing moves when the oldest messages fall out of those that are read', () => {
	const operator = anOperator(aChannel(numbered(0, 200))).press('pageup');
	const before = tailOf(operator.lines());
	operator.receive(aChannel(numbered(100, 300), 300));

	expect(tailOf(operator.lines())).toEqual(before);
});

test('new messages that have been scrolled to no longer count as new', () => {
	const operator = anOperator(aChannel(numbered(0, 200))).press('pageup');
	operator.receive(aChannel(numbered(0, 250)));
	expect(operator.lines().join('\n')).toContain('(50 new,');
	operator.press('pagedown', 'pagedown');
	expect(operator.lines().join('\n')).toMatch(/\(3\d new,/);
});

test('near the oldest loaded message more are asked for, until the first one has come', () => {
	const operator = anOperator(aChannel(numbered(200, 400), 400));
	const asked = () => queryOf(operator.view()).messages;
	expect(asked()).toEqual(presentQuery.messages);
	for (let press = 0; press < 40; press += 1) operator.press('pageup');
	expect(asked()).toEqual({count: 400, before: null});
	expect(operator.lines().join('\n')).toContain('200 older');
	expect(operator.view().notice).toBeNull();
	const before = tailOf(operator.lines());

	operator.receive(aChannel(numbered(0, 400), 400));
	expect(tailOf(operator.lines())).toEqual(before);
	for (let press = 0; press < 40; press += 1) operator.press('pageup');
	expect(tailOf(operator.lines())[1]?.trim()).toBe('text 0.');
	expect(asked().count).toBe(400);

	operator.press('escape');
	expect(asked()).toEqual(presentQuery.messages);
});

test('help does not lose the scroll position', () => {
	const operator = anOperator(aChannel(numbered(0, 200))).press('pageup', 'pageup');
	const before = operator.lines();
	operator.press('?', 'j', 'j', 'escape');

	expect(operator.lines()).toEqual(before);
});

test('a pane that has become higher is filled, and scrolls on from there', () => {
	const operator = anOperator(aChannel(numbered(0, 200)), {width: 80, height: 24});
	for (let press = 0; press < 60; press += 1) operator.press('pageup');
	operator.resize({width: 120, height: 40});
	const tail = tailOf(operator.lines());

	expect(tail.every(line => line.trim() !== '')).toBe(true);
	expect(tail[1]?.trim()).toBe('text 0.');
	expect(tailOf(operator.press('pagedown').lines())[0]).toBe(tail.at(-1));
});

test('a message that was just sent is visible', () => {
	const operator = anOperator(aChannel(numbered(0, 200))).press('pageup', 'm', 'x', 'return');
	expect(operator.view().panes.tail).toEqual({type: 'following'});
});
