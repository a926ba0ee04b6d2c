import {expect, test} from 'vitest';
import type {MentionRecord} from '../../src/model/mention.ts';
import {textOf} from '../../src/text/row.ts';
import {plainTheme} from '../../src/text/theme.ts';
import {countMessageRows, type TailAnchor, tailRows} from '../../src/view/tail.ts';
import {aMessage, aRaid, aSpawn, noon} from '../helpers/builders.ts';

const mention: MentionRecord = {
	messageId: 'm1',
	identity: 'hailot',
	outcome: 'launched',
	reason: null,
	spawnId: 's-1234',
	decidedAt: noon,
};
const raid = aRaid({
	spawns: [aSpawn({id: 's-1234', status: 'failed', failure: 'exit 3', endedAt: noon})],
	messages: [
		aMessage({
			id: 'm1',
			text: 'one two three',
			mentions: [mention, {...mention, outcome: 'held', reason: 'leash', spawnId: null}],
		}),
		aMessage({id: 'm2', from: 'raid', text: 'it failed'}),
		aMessage({id: 'm3', text: 'a\nb'}),
	],
});

function drawn(anchor: TailAnchor | null, width: number, height: number): readonly string[] {
	return tailRows(raid, anchor, {width, height}, plainTheme)
		.map(textOf)
		.map(row => row.replace(/^\d\d:\d\d:\d\d/, 'TIME'));
}

test('a message shows the outcomes of its mentions, and the states of their spawns', () => {
	expect(drawn(null, 80, 40)).toEqual([
		'TIME human',
		'  one two three',
		'  → @hailot launched #1234 ✗ failed',
		'  → @hailot held (leash)',
		'TIME raid',
		'  it failed',
		'TIME human',
		'  a',
		'  b',
	]);
});

test('the end is shown, or the part that ends with an anchor', () => {
	expect(drawn(null, 80, 2)).toEqual(['  a', '  b']);
	expect(drawn({message: 'm3', row: 1}, 80, 2)).toEqual(['TIME human', '  a']);
	expect(drawn({message: 'm1', row: 3}, 80, 2)).toEqual([
		'  → @hailot launched #1234 ✗ failed',
		'  → @hailot held (leash)',
	]);
	expect(drawn(null, 80, 0)).toEqual([]);
});

test('a pane with room left above the first message is filled from below the anchor', () => {
	expect(drawn({message: 'm1', row: 1}, 80, 5)).toEqual(drawn(null, 80, 40).slice(0, 5));
	expect(drawn({message: 'gone', row: 1}, 80, 5)).toEqual(drawn(null, 80, 40).slice(0, 5));
});

test('a message has as many rows as are counted', () => {
	for (const width of [6, 10, 80]) {
		const count = raid.messages.reduce((sum, message) => sum + countMessageRows(message, width), 0);
		expect(drawn(null, width, 100)).toHaveLength(count);
	}
	expect(drawn(null, 7, 100).slice(0, 4)).toEqual(['TIME human', '  one', '  two', '  three']);
});
