import {expect, test} from 'vitest';
import {recentOf} from '../../../src/backend/space-os/records.ts';
import {defaultLimits} from '../../../src/model/limits.ts';
import {stateOf} from '../../../src/model/state.ts';
import {minute} from '../../../src/model/time.ts';
import {aSpawn, noon, someFacts} from '../../helpers/builders.ts';

const circumstances = {limits: defaultLimits, turn: null, isBlocked: false};

test('a spawn whose output nobody can see is never stalled, only overdue', () => {
	const facts = someFacts({lastOutputAt: null, hasOutput: false, keepsSession: false});
	const spawn = aSpawn({sessionId: null});
	const state = (age: number) => stateOf(spawn, facts, {...circumstances, at: noon + age});

	expect([state(9 * minute), state(10 * minute)]).toEqual(['working', 'overdue']);
});

test('a session file that has not grown for three minutes is a stall', () => {
	const facts = someFacts({lastOutputAt: noon, keepsSession: false});
	const spawn = aSpawn({sessionId: null});
	expect(stateOf(spawn, facts, {...circumstances, at: noon + 3 * minute})).toBe('stalled');
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
