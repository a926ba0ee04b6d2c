import {expect, test} from 'vitest';
import type {Raid} from '../../src/model/raid.ts';
import {minute, second} from '../../src/model/time.ts';
import {textOf} from '../../src/text/row.ts';
import {plainTheme} from '../../src/text/theme.ts';
import {chainRows} from '../../src/view/chain.ts';
import {aRaid, aSpawn, noon} from '../helpers/builders.ts';

const spawns = [
	aSpawn({id: 'aaaa', agent: 'oplot', status: 'completed', endedAt: noon + second}),
	aSpawn({id: 'bbbb', parentId: 'aaaa', attempt: 2, tokensIn: 31_000, tokensOut: 12}),
	aSpawn({id: 'cccc', parentId: 'bbbb', status: 'failed', failure: 'exit 3', endedAt: noon + second}),
	aSpawn({id: 'dddd', parentId: 'aaaa', process: null, status: 'killed', killedBy: 'human', endedAt: noon}),
];

function drawn(raid: Raid, width: number, selected?: string | null): readonly string[] {
	const options = {at: raid.at, width, ...(selected === undefined ? {} : {selected})};
	return chainRows(raid.chain, options, plainTheme).map(row => textOf(row).trimEnd());
}

const raid = aRaid({spawns}, noon + minute);

test('a chain is a tree: who led to whom, and how each spawn is', () => {
	expect(drawn(raid, 100).map(row => row.slice(0, 45).trimEnd())).toEqual([
		'✓ oplot #aaaa                      completed',
		'├─● hailot #bbbb                   working',
		'│ └─✗ hailot #cccc                 failed',
		'└─× hailot #dddd                   killed',
	]);
});

test('a row ends with its tries and its reason', () => {
	expect(drawn(raid, 120)[1]).toMatch(/4242 +1m 00s +out 0s +try 2$/);
	expect(drawn(raid, 120)[2]).toMatch(/exit 3$/);
	expect(drawn(raid, 120)[3]).toMatch(/ - +0s +by human$/);
});

test('the least important cells are left out first', () => {
	expect(drawn(raid, 160)[1]).toContain('31k/12');
	expect(drawn(raid, 140)[1]).not.toContain('31k/12');
	expect(drawn(raid, 63)[1]).toContain('4242');
	expect(drawn(raid, 63)[1]).not.toContain('out 0s');
	expect(drawn(raid, 43)[1]).not.toContain('4242');
	expect(drawn(raid, 43)[1]).toMatch(/working +1m/);
});

test('where there is little room, an ended spawn still shows its reason, and an age is whole', () => {
	expect(drawn(raid, 65, null)[2]).toMatch(/1s +exit 3$/);
	expect(drawn(raid, 65, null)[3]).toMatch(/ by human$/);
	expect(drawn(raid, 40, null)[0]).toMatch(/completed +1s$/);
});

test('a list to select from has room for the mark', () => {
	expect(drawn(raid, 80, 'cccc').map(row => row[0])).toEqual([' ', ' ', '▸', ' ']);
	expect(drawn(raid, 80, null).map(row => row[0])).toEqual([' ', ' ', ' ', ' ']);
	expect(chainRows(raid.chain, {at: raid.at, width: 80, selected: 'cccc'}, plainTheme)[2]).toMatchObject([
		{style: 'selected'},
	]);
});
