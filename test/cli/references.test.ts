import {expect, test} from 'vitest';
import {chooseAlerts, chooseHeld, chooseSpawn, mentionName} from '../../src/cli/references.ts';
import type {Alert} from '../../src/model/alert.ts';
import type {LedgerEntry} from '../../src/model/mention.ts';
import {noon} from '../helpers/builders.ts';

const found = (...ids: string[]) => ({findSpawnIds: () => ids});

test('a spawn is named by a part of its id, with or without #', () => {
	const asked: string[] = [];
	const findSpawnIds = (part: string) => {
		asked.push(part);
		return ['the-id'];
	};

	expect(chooseSpawn({findSpawnIds}, '#3F2A')).toBe('the-id');
	expect(asked).toEqual(['3f2a']);
});

test('a name that matches no spawn, several, or is empty is refused', () => {
	expect(() => chooseSpawn(found(), 'abcd')).toThrow('No spawn id begins or ends with "abcd".');
	expect(() => chooseSpawn(found('1', '2', '3', '4', '5'), 'a')).toThrow(
		'"a" matches 5 spawns: 1, 2, 3, 4 ….',
	);
	expect(() => chooseSpawn(found('1'), '#')).toThrow('Name a spawn by a prefix or suffix of its id.');
});

const aHeld = (parts: Partial<LedgerEntry>): LedgerEntry => ({
	messageId: 'message-1a2b',
	identity: 'hailot',
	outcome: 'held',
	reason: 'leash',
	spawnId: null,
	decidedAt: noon,
	channel: 'general',
	from: 'oplot',
	...parts,
});

test('held mentions are named as they are listed, or by their channel', () => {
	const first = aHeld({});
	const second = aHeld({identity: 'oplot'});
	const other = aHeld({messageId: 'message-3c4d', channel: 'review'});
	const held = [first, second, other];

	expect(chooseHeld(held, [mentionName(second)])).toEqual([second]);
	expect(chooseHeld(held, ['review', '1a2b@hailot'])).toEqual([first, other]);
	expect(() => chooseHeld(held, ['general', '@hailot'])).toThrow('No held mention is called "@hailot".');
});

const anAlert = (parts: Partial<Alert>): Alert => ({
	id: 'stalled:1',
	kind: 'stalled',
	severity: 'warning',
	subject: 'x',
	spawn: null,
	channel: null,
	text: 'x',
	help: null,
	since: noon,
	acknowledgedAt: null,
	...parts,
});

test('alerts are named by their id, their kind or their spawn', () => {
	const stalled = anAlert({spawn: '019a-3f2a'});
	const called = anAlert({id: 'called:2', kind: 'called'});
	const alerts = [stalled, called];

	expect(chooseAlerts(alerts, ['called:2'])).toEqual([called]);
	expect(chooseAlerts(alerts, ['stalled'])).toEqual([stalled]);
	expect(chooseAlerts(alerts, ['#3F2A', 'called'])).toEqual([stalled, called]);
	expect(() => chooseAlerts(alerts, ['#'])).toThrow('No open alert is called "#".');
});
