import {expect, test} from 'vitest';
import {healthOf} from '../../src/model/health.ts';
import {defaultLimits} from '../../src/model/limits.ts';
import {minute} from '../../src/model/time.ts';
import {recentOf} from '../../src/space-os/records.ts';
import {aSpawn, noon, someFacts} from '../helpers/builders.ts';

test('a spawn whose output nobody can see is never stalled, only overdue', () => {
	const facts = someFacts({lastOutputAt: null, hasOutput: false, keepsSession: false});
	const spawn = aSpawn({sessionId: null});
	const health = (age: number) => healthOf(spawn, facts, noon + age, defaultLimits, false);

	expect([health(9 * minute), health(10 * minute)]).toEqual(['working', 'overdue']);
});

test('a session file that has not grown for three minutes is a stall', () => {
	const facts = someFacts({lastOutputAt: noon, keepsSession: false});
	expect(healthOf(aSpawn({sessionId: null}), facts, noon + 3 * minute, defaultLimits, false)).toBe('stalled');
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
