import {expect, test} from 'vitest';
import {defaultLimits} from '../../../src/model/limits.ts';
import {stateOf} from '../../../src/model/state.ts';
import {minute} from '../../../src/model/time.ts';
import {aSpawn, noon, someFacts} from '../../helpers/builders.ts';

const circumstances = {limits: defaultLimits, gaps: [], turn: null, isBlocked: false, elsewhere: null};

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
