import {writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, test} from 'vitest';
import {readScenario} from '../../src/scenario/read.ts';
import {aWorkspace} from '../helpers/workspace.ts';

const shipped = resolve(import.meta.dirname, '../../fixtures/scenarios');

/** A scenario file of one agent that takes one step. */
function aScenarioFile(step: object): string {
	const {directory: cwd} = aWorkspace();
	const agents = {a: {model: 'm', spawns: [[step]]}};
	const scenario = {title: 't', channel: 'c', agents, human: [], expect: {}};
	writeFileSync(join(cwd, 'mine.json'), JSON.stringify(scenario));
	return cwd;
}

test('a scenario is found by the name of a shipped one, or by its path', () => {
	const cwd = aScenarioFile({say: 'hello'});

	expect(readScenario('chainviz', {shipped, cwd}).scenario.channel).toBe('chainviz-raid');
	expect(readScenario('mine.json', {shipped, cwd}).scenario.title).toBe('t');
});

test('an unknown scenario is answered with the shipped ones', () => {
	expect(() => readScenario('nix', {shipped, cwd: '/'})).toThrow('There is no scenario "nix".');
});

test('a scenario with an unknown step names the step and the known ones', () => {
	const cwd = aScenarioFile({wiat: '2s'});

	expect(() => readScenario('mine.json', {shipped, cwd})).toThrow(
		/agents\.a\.spawns\.0\.0 is \{"wiat":"2s"\}, but must have exactly one of the steps wait, waitFor, say/,
	);
});
