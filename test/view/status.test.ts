import {expect, test} from 'vitest';
import type {Raid} from '../../src/model/raid.ts';
import {minute} from '../../src/model/time.ts';
import {textOf} from '../../src/text/row.ts';
import {plainTheme} from '../../src/text/theme.ts';
import {statusRow} from '../../src/view/status.ts';
import {aRaid, aSpawn, noon} from '../helpers/builders.ts';

const waiting = {status: 'pending', process: null, attempt: 0} as const;
const raid = aRaid({
	spawns: [aSpawn(), ...['a', 'b', 'c'].map(id => aSpawn({id, ...waiting}))],
	held: 2,
	limits: {maxLive: 1},
	totals: {pending: 3, running: 1, completed: 5, failed: 1, timeout: 1, killed: 4},
});

function drawn(from: Raid, width: number): string {
	const text = textOf(statusRow(from, width, plainTheme));
	expect(text).toHaveLength(width);
	return text.replace(/\d\d:\d\d:\d\d$/, 'TIME').replace(/ {2,}TIME$/, ' TIME');
}

test('the status counts every spawn of the store by its state', () => {
	expect(drawn(raid, 120)).toBe(
		'raid project  1 live · 3 queued · 2 held · 5 done · 2 failed · 4 killed TIME',
	);
	expect(drawn({...raid, held: 0, counts: {...raid.counts, killed: 0}}, 71)).toBe(
		'raid 1 live · 3 queued · 5 done · 2 failed TIME',
	);
});

test('where there is little room the glyphs of the chain stand for the words', () => {
	const {queued, held, completed} = plainTheme.states;
	expect(drawn(raid, 59)).toBe(`raid ●1 ${queued.glyph}3 ${held.glyph}2 ${completed.glyph}5 ✗2 ×4 TIME`);
});

test('what waits for the operator, for its quota or for a process that is gone is not called queued or live', () => {
	const spawns = [
		aSpawn({id: 'a', ...waiting, hold: 'reboot'}),
		aSpawn({id: 'b', ...waiting, resumeAt: noon + minute}),
		aSpawn({id: 'c'}),
	];
	const facts = {c: {isAlive: false, isSupervised: false}};

	expect(drawn(aRaid({spawns, facts, held: 1}), 120)).toBe(
		'raid project  0 live · 0 queued · 1 held · 1 waiting for quota · 1 orphan · 0 done · 0 failed TIME',
	);
});

test('a held spawn without a held mention is counted all the same', () => {
	const paused = aRaid({spawns: [aSpawn({...waiting, hold: 'paused'})], held: 0});

	expect(drawn(paused, 120)).toContain('0 queued · 1 held · 0 done');
});

test('a hold of the shown channel, or of all, is named', () => {
	expect(drawn({...raid, holds: [{type: 'channel', channel: 'other'}]}, 120)).not.toContain('ON HOLD');
	expect(drawn({...raid, holds: [{type: 'channel', channel: 'general'}]}, 120)).toContain(
		'raid ON HOLD project',
	);
	expect(drawn({...raid, holds: [{type: 'all'}]}, 120)).toContain('raid ON HOLD project');
});

test('where there is little room "read only" stays, and the location goes', () => {
	const system = {...raid.system, location: '/a/long/path', note: '(read only)'};
	expect(drawn({...raid, system}, 120)).toContain('raid /a/long/path (read only)  1 live');
	expect(drawn({...raid, system}, 99)).toContain('raid (read only)  1 live');
});
