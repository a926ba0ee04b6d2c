import {expect, test} from 'vitest';
import {minute, second} from '../../src/model/time.ts';
import {aRaid, aSpawn, noon} from '../helpers/builders.ts';

const pending = (end: string, parts = {}) =>
	aSpawn({id: `0000-${end}`, status: 'pending', attempt: 0, process: null, supervisor: null, ...parts});
const statesOf = (raid: ReturnType<typeof aRaid>) =>
	Object.fromEntries(raid.spawns.map(spawn => [spawn.id.slice(-4), spawn.state]));

test('as many pending spawns are starting as there are free slots, the others are queued', () => {
	const spawns = [aSpawn(), pending('aaaa'), pending('bbbb'), pending('cccc')];
	const raid = aRaid({spawns, limits: {maxLive: 2}}, noon + second);

	expect(statesOf(raid)).toEqual({abcd: 'working', aaaa: 'starting', bbbb: 'queued', cccc: 'queued'});
	expect(raid.counts).toMatchObject({working: 1, starting: 1, queued: 2});
	expect(raid.spawns.at(-1)?.reason).toBe('waits for a slot, number 2');
});

test('a spawn that a human asked for starts before older ones of agents, and through a hold', () => {
	const spawns = [pending('aaaa'), pending('bbbb')];
	const parts = {spawns, limits: {maxLive: 1}, concerns: {askedByHuman: new Set(['0000-bbbb'])}};

	expect(statesOf(aRaid(parts))).toEqual({aaaa: 'queued', bbbb: 'starting'});
	expect(statesOf(aRaid({...parts, holds: [{type: 'channel', channel: 'general'}]}))).toEqual({
		aaaa: 'held',
		bbbb: 'starting',
	});
});

test('twenty that waited for the slot are not lost when it becomes free', () => {
	const spawns = Array.from({length: 20}, (_, index) => pending(String(1000 + index)));
	const at = noon + 10 * minute;
	const at30 = (freedAt: number | null) =>
		aRaid({spawns, limits: {maxLive: 1}, concerns: {freedAt}}, at).counts;

	expect(at30(at - 29 * second)).toMatchObject({starting: 1, queued: 19, lost: 0});
	expect(at30(at - 30 * second)).toMatchObject({starting: 0, queued: 19, lost: 1});
});

test('a spawn that waited while the machine restarted is held at the first look, neither starting nor lost', () => {
	expect(statesOf(aRaid({spawns: [pending('aaaa', {boot: 'before'})]}, noon + minute))).toEqual({
		aaaa: 'held',
	});
});

test('counts are those of the whole store, and say how many spawns are not shown', () => {
	const totals = {pending: 0, running: 1, completed: 300, failed: 2, timeout: 0, killed: 1};
	const spawns = [aSpawn({id: 'a', status: 'killed', endedAt: noon}), aSpawn()];
	const raid = aRaid({spawns, totals});

	expect(raid.counts).toMatchObject({working: 1, completed: 300, failed: 2, killed: 1});
	expect(raid.hidden).toBe(302);
	expect(Object.values(raid.counts).reduce((sum, count) => sum + count)).toBe(304);
});

test('a name is not shared with a spawn that is not shown', () => {
	const raid = aRaid({spawns: [aSpawn({id: '0000-1-abcd'})], namesakes: ['0000-2-abcd']});
	expect(raid.spawns[0]?.shortId).toBe('1-abcd');
});

test('a spawn that ended blocked is so until a human answers or its agent calls it done', () => {
	const call = {messageId: 'm', channel: 'general', agent: 'hailot', spawnId: 'e', text: 'no key', at: noon};
	const stateWith = (...claims: ('blocked' | 'done')[]) =>
		aRaid({
			spawns: [aSpawn({id: 'e', status: 'completed', endedAt: noon})],
			concerns: {calls: claims.map(claim => ({...call, claim}))},
		}).spawns[0]?.state;

	expect([
		stateWith(),
		stateWith('blocked'),
		stateWith('blocked', 'done'),
		stateWith('done', 'blocked'),
	]).toEqual(['completed', 'blocked', 'completed', 'blocked']);
});
