import {expect, test} from 'vitest';
import {chainOf, descendantsOf, recentOf} from '../../src/model/chain.ts';
import {shortIds} from '../../src/model/spawn.ts';
import {aSpawn, noon} from '../helpers/builders.ts';

const link = (id: string, parentId: string | null = null) => ({id, parentId});

test('children stand under their parents, in the order given', () => {
	const rows = chainOf([link('a'), link('b'), link('a1', 'a'), link('a2', 'a'), link('a11', 'a1')]);

	expect(rows.map(row => [row.spawn.id, row.depth, row.isLast])).toEqual([
		['a', 0, []],
		['a1', 1, [false]],
		['a11', 2, [false, true]],
		['a2', 1, [true]],
		['b', 0, []],
	]);
});

test('a spawn whose parent is missing is a root, and a cycle is cut once', () => {
	const rows = chainOf([link('x', 'gone'), link('a', 'c'), link('b', 'a'), link('c', 'b')]);

	expect(rows.map(row => [row.spawn.id, row.depth])).toEqual([
		['x', 0],
		['a', 0],
		['b', 1],
		['c', 2],
	]);
});

test('a chain ends where the next root or sibling begins', () => {
	const spawns = [link('a'), link('a1', 'a'), link('a11', 'a1'), link('a2', 'a'), link('b')];

	expect(descendantsOf(spawns, 'a1').map(spawn => spawn.id)).toEqual(['a1', 'a11']);
	expect(descendantsOf(spawns, 'b').map(spawn => spawn.id)).toEqual(['b']);
	expect(descendantsOf(spawns, 'nobody')).toEqual([]);
});

test('short ids are as long as it takes to tell them apart', () => {
	const ids = ['0001-aaaa', '0002-aaaa', '0003-bbbb'];
	expect([...shortIds(ids).values()].toSorted()).toEqual(['1-aaaa', '2-aaaa', 'bbbb'].toSorted());
	expect(new Set(shortIds(['1111', '11111']).values()).size).toBe(2);
});

test('the recent ones are the live and the latest, with all that they descend from', () => {
	const ended = {status: 'completed', endedAt: noon} as const;
	const spawns = [
		aSpawn({id: 'root', ...ended}),
		aSpawn({id: 'other', ...ended}),
		aSpawn({id: 'live', parentId: 'left'}),
		aSpawn({id: 'left', parentId: 'right', ...ended}),
		aSpawn({id: 'right', parentId: 'left', ...ended}),
		aSpawn({id: 'latest', parentId: 'root', ...ended}),
	];
	expect(recentOf(spawns, 1).map(({id}) => id)).toEqual(['root', 'live', 'left', 'right', 'latest']);
});
