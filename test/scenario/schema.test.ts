import {readdirSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, test} from 'vitest';
import {UsageError} from '../../src/errors.ts';
import {readEvents} from '../../src/providers/provider.ts';
import {scripted} from '../../src/providers/scripted/provider.ts';
import {scenarioSchema} from '../../src/scenario/schema.ts';
import {parseJson} from '../../src/validate.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'fixtures/scenarios');
const valid = {
	title: 't',
	channel: 'c',
	agents: {a: {model: 'm', spawns: [[{wait: '2s'}]]}},
	human: [],
	expect: {},
};
const parse = (scenario: object) => parseJson(scenarioSchema, JSON.stringify(scenario), 'mine.json');

test.each(readdirSync(folder))('the shipped %s is valid', file => {
	expect(parseJson(scenarioSchema, readFileSync(join(folder, file), 'utf8'), file).title).not.toBe('');
});

test('durations are read as milliseconds', () => {
	expect(parse(valid).agents.a?.spawns[0]?.[0]?.wait).toBe(2000);
});

test.each<[string, object, string]>([
	['no title', {...valid, title: undefined}, 'mine.json: title is'],
	[
		'an unknown key',
		{...valid, titel: 'x'},
		'mine.json: titel is not a known key. Known keys: title, channel',
	],
	[
		'an unknown step',
		{...valid, human: [{sned: 'x'}]},
		'human.0 is {"sned":"x"}, but must have exactly one of the steps wait, send, until, stop.',
	],
	['two steps in one', {...valid, human: [{send: 'x', wait: '1s'}]}, 'must have exactly one of the steps'],
	['a wrong value', {...valid, human: [{wait: 'soon'}]}, 'human.0.wait is'],
	[
		'an agent without spawns',
		{...valid, agents: {a: {model: 'm', spawns: []}}},
		'agents.a.spawns is [], but must hold',
	],
])('a scenario with %s is refused: %s', (_, scenario, message) => {
	expect(() => parse(scenario)).toThrow(UsageError);
	expect(() => parse(scenario)).toThrow(message);
});

test('the documentation names every step', () => {
	const documentation = readFileSync(join(root, 'docs/scenarios.md'), 'utf8');
	const message = (scenario: object) => {
		try {
			parse(scenario);
			return '';
		} catch (error) {
			return (error as Error).message;
		}
	};
	const steps = [
		message({...valid, human: [{}]}),
		message({...valid, agents: {a: {model: 'm', spawns: [[{}]]}}}),
	].flatMap(text => /of the steps (.*)\./.exec(text)?.[1]?.split(', ') ?? []);

	expect(steps.length).toBeGreaterThan(12);
	for (const step of steps) expect(documentation).toContain(`{"${step}":`);
});

test.each([
	'',
	'text',
	'{"type":',
	'{"type":"text"}',
	'{"type":"usage","input":"1"}',
	'[]',
	'null',
	'{"type":"result"}',
])('a line that is not an event is skipped: %s', line => {
	expect(readEvents(scripted, line, {output: 'output', fields: null, now: 0})).toEqual([]);
});
