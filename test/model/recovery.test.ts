import {expect, test} from 'vitest';
import {recoveryOf} from '../../src/model/recovery.ts';
import {second} from '../../src/model/time.ts';
import {aSpawn, noon} from '../helpers/builders.ts';

const dead = {isAlive: false, isSupervised: false, mayStart: true, isStopped: false, place: 'here'} as const;

test('a spawn with a supervisor is left to it', () => {
	expect(recoveryOf(aSpawn(), {...dead, isSupervised: true}, noon)).toBe('none');
});

test('an agent that works on without a supervisor is adopted', () => {
	expect(recoveryOf(aSpawn(), {...dead, isAlive: true}, noon)).toBe('adopt');
});

test('a spawn of which nothing is left is an orphan', () => {
	expect(recoveryOf(aSpawn(), dead, noon)).toBe('orphan');
});

test('a claim before the first attempt is given back, unless the spawn was to end', () => {
	expect(recoveryOf(aSpawn({attempt: 0}), dead, noon)).toBe('unclaim');
	expect(recoveryOf(aSpawn({attempt: 0, killedBy: 'human'}), dead, noon)).toBe('orphan');
});

test('a pending spawn whose stop died before it ended the spawn is ended', () => {
	const pending = aSpawn({status: 'pending', attempt: 0, killedBy: 'human'});
	expect(recoveryOf(pending, dead, noon)).toBe('end');
	expect(recoveryOf(pending, {...dead, place: 'rebooted'}, noon)).toBe('end');
});

test('a pending spawn that no supervisor claimed in 30 s is started, if a slot is free', () => {
	const pending = aSpawn({status: 'pending', attempt: 0});
	expect(recoveryOf(pending, dead, noon + 29 * second)).toBe('none');
	expect(recoveryOf(pending, dead, noon + 30 * second)).toBe('start');
	expect(recoveryOf(pending, {...dead, mayStart: false}, noon + 30 * second)).toBe('none');
});

test('everything was stopped: what waited is held, and a claim without an attempt is not started again', () => {
	const stopped = {...dead, isStopped: true};
	const pending = aSpawn({status: 'pending', attempt: 0});
	expect(recoveryOf(pending, stopped, noon)).toBe('hold');
	expect(recoveryOf({...pending, hold: 'stopped'}, stopped, noon + 60 * second)).toBe('none');
	expect(recoveryOf(aSpawn({attempt: 0}), stopped, noon)).toBe('orphan');
});

test('a spawn of another place is left alone, whatever is seen of it here', () => {
	const pending = aSpawn({status: 'pending', attempt: 0, killedBy: 'human'});
	expect(recoveryOf(aSpawn(), {...dead, place: 'elsewhere'}, noon)).toBe('none');
	expect(recoveryOf(aSpawn(), {...dead, isAlive: true, place: 'elsewhere'}, noon)).toBe('none');
	expect(recoveryOf(pending, {...dead, place: 'elsewhere'}, noon)).toBe('none');
});
