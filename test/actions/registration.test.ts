import {expect, test} from 'vitest';
import {registrationOf} from '../../src/actions/registration.ts';
import {defaultLaunch} from '../../src/model/agent.ts';
import {anAgent} from '../helpers/builders.ts';

const reviewer = anAgent({identity: 'reviewer', model: 'opus', provider: 'claude', role: 'reviews'});
const local = anAgent({
	identity: 'local',
	model: 'default',
	provider: 'command',
	launch: {...defaultLaunch, command: ['llm', '-m', '{model}'], fields: {text: 'text'}},
});

test('a new agent has the defaults, and the provider that its model reveals', () => {
	expect(registrationOf('reviewer', {model: 'opus'}, null)).toEqual({
		identity: 'reviewer',
		model: 'opus',
		provider: 'claude',
		role: null,
		launch: defaultLaunch,
	});
});

test('what is not named stays as it is', () => {
	expect(registrationOf('reviewer', {permissions: 'full'}, reviewer)).toEqual({
		identity: 'reviewer',
		model: 'opus',
		provider: 'claude',
		role: 'reviews',
		launch: {...defaultLaunch, permissions: 'full'},
	});
	expect(registrationOf('local', {role: 'small talk'}, local).launch).toEqual(local.launch);
});

test('a command makes an agent of any executable, and naming a model or provider ends it', () => {
	expect(registrationOf('reviewer', {command: ['llm']}, reviewer)).toMatchObject({
		model: 'opus',
		provider: 'command',
		launch: {command: ['llm'], fields: null},
	});
	expect(registrationOf('new', {command: ['llm']}, null)).toMatchObject({
		model: 'default',
		provider: 'command',
	});
	expect(registrationOf('local', {model: 'opus'}, local)).toMatchObject({
		provider: 'claude',
		launch: {command: null, fields: null},
	});
	expect(registrationOf('local', {command: ['other']}, local).launch?.fields).toBeNull();
	expect(registrationOf('local', {fields: {session: 'id'}}, local).launch?.fields).toEqual({session: 'id'});
});

test.each<[string, Parameters<typeof registrationOf>[1], string]>([
	['no model', {}, 'An agent needs --model or --command.'],
	['a model of an unknown provider', {model: 'foo'}, 'raid does not know which provider runs "foo".'],
	['an unknown provider', {model: 'foo', provider: 'bar'}, 'There is no provider "bar".'],
	['rules for any executable', {command: ['x'], allow: ['npm test']}, '--allow does not go with --command.'],
	['a command and a provider', {command: ['x'], provider: 'claude'}, '--command does not go with --provider'],
	[
		'the provider of commands alone',
		{model: 'x', provider: 'command'},
		'--provider command needs --command.',
	],
	['an empty command', {command: []}, '--command is empty.'],
	['fields without a command', {model: 'opus', fields: {text: 'x'}}, '--fields goes only with --command.'],
])('%s is refused', (_, changes, message) => {
	expect(() => registrationOf('x', changes, null)).toThrow(message);
});

test.each(['human', 'raid'])('the identity %s is taken', identity => {
	expect(() => registrationOf(identity, {model: 'opus'}, null)).toThrow(`"${identity}" is taken`);
});

test('commands that are allowed replace those before, each once, and none takes them all away', () => {
	const first = registrationOf('reviewer', {allow: ['npm test', 'npx vitest run *', 'npm test']}, reviewer);

	expect(first.launch?.allow).toEqual(['npm test', 'npx vitest run *']);
	expect(registrationOf('reviewer', {allow: []}, {...reviewer, ...first}).launch?.allow).toEqual([]);
	expect(registrationOf('reviewer', {role: 'x'}, {...reviewer, ...first}).launch).toEqual(first.launch);
});

test.each([
	'',
	'*',
	'npm  test',
	' npm test',
	'npm test\n',
	'npm test\nBash(*)',
	'npm test) Bash(*',
	'npm test,Bash',
	'npm test:*',
	'npm * test',
	"npm 'test'",
	'npm "test"',
	'npm test; rm x',
	'npm test > x',
	'$(npm test)',
	'npm test \\',
	'(a+)+b',
	'-rf x',
	'CI=1 npm test',
	'npm t\u202est',
	'a'.repeat(201),
])('%j cannot be allowed, because a rule of a CLI might say something else with it', command => {
	expect(() => registrationOf('reviewer', {allow: [command]}, reviewer)).toThrow('--allow cannot express');
});
