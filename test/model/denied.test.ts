import {expect, test} from 'vitest';
import {needsPerson} from '../../src/model/alert.ts';
import type {DeniedSpawn} from '../../src/model/concern.ts';
import {aRaid, noon} from '../helpers/builders.ts';

const minute = 60_000;

function refused(parts: Partial<DeniedSpawn> = {}): DeniedSpawn {
	const denials = [{text: 'Bash(npm test)', count: 14}];
	const base = {spawnId: 'a', agent: 'sonnelot', channel: 'general', at: noon, hasSucceeded: true};
	return {...base, denials, ...parts};
}

function alertsOf(denied: readonly DeniedSpawn[]) {
	return aRaid({concerns: {denied}}, noon + 10 * minute).alerts.filter(({kind}) => kind === 'denied');
}

test('an agent that is refused the same command again and again is an alert that says how to allow it', () => {
	const [alert, ...others] = alertsOf([refused()]);

	expect(alert).toMatchObject({
		severity: 'warning',
		text: 'sonnelot was refused Bash(npm test) 14×',
		help: {command: "raid register sonnelot --allow 'npm test'"},
		since: noon,
	});
	expect(others).toEqual([]);
	expect(needsPerson(alert === undefined ? [] : [alert])).toHaveLength(1);
});

test('two refusals of one call are no alert, three are, also over several spawns', () => {
	const once = [{text: 'Write(a.ts)', count: 1}];
	const spawns = ['a', 'b', 'c'].map((spawnId, index) =>
		refused({spawnId, at: noon + index * minute, denials: once}),
	);

	expect(alertsOf(spawns.slice(0, 2))).toEqual([]);
	expect(alertsOf(spawns)).toMatchObject([
		{
			text: 'sonnelot was refused Write(a.ts) 3×',
			spawn: 'c',
			help: {command: 'raid register sonnelot --permissions LEVEL'},
		},
	]);
});

test('five different refusals are one alert together', () => {
	const different = (count: number) =>
		Array.from({length: count}, (_, index) => ({text: `Bash(do ${index})`, count: 1}));

	expect(alertsOf([refused({denials: different(4)})])).toEqual([]);
	expect(alertsOf([refused({denials: different(5)})])).toMatchObject([
		{text: 'sonnelot was refused 5 calls: Bash(do 0), Bash(do 1) and 3 more'},
	]);
});

test('a later spawn of the agent that succeeds without the refusal ends the alert, one that runs does not', () => {
	const later = (hasSucceeded: boolean) =>
		refused({spawnId: 'b', at: noon + minute, hasSucceeded, denials: [{text: 'Bash(ls)', count: 1}]});

	expect(alertsOf([refused(), later(false)])).toHaveLength(1);
	expect(alertsOf([refused(), later(true)])).toEqual([]);
});

test('an acknowledged refusal is a new alert when a later spawn meets it again', () => {
	const [known] = alertsOf([refused()]);
	if (known === undefined) throw new Error('no alert');
	const recorded = [{...known, acknowledgedAt: noon + minute, closedAt: null}];
	const again = refused({spawnId: 'b', at: noon + 2 * minute});
	const raid = aRaid({concerns: {denied: [refused(), again], recorded}}, noon + 3 * minute);

	expect(raid.alerts.map(({acknowledgedAt, spawn}) => [spawn, acknowledgedAt])).toEqual([
		['b', null],
		['a', noon + minute],
	]);
});

test.each([
	['another shell', "Bash(rm -rf ~; echo 'x')"],
	['two lines', 'Bash(npm test\nrm x)'],
	['a substitution', 'Bash(echo $(id))'],
	['a tool that runs no command', 'Write(npm test)'],
	['a sandbox that refused it', 'shell(touch x)'],
	['any further arguments', 'Bash(rm *)'],
])('a refused call with %s is never offered to be allowed as it is', (_, text) => {
	const [alert] = alertsOf([refused({denials: [{text, count: 3}]})]);

	expect(alert?.help?.command).toBe('raid register sonnelot --permissions LEVEL');
});
