import {expect, test} from 'vitest';
import {defaultLaunch, type Fields} from '../../src/model/agent.ts';
import {command} from '../../src/providers/command.ts';

const request = {
	model: '$(date) {cwd}',
	launch: defaultLaunch,
	constitution: null,
	promptFile: '/logs/prompt.md',
	cwd: '/project',
	home: '/project/.raid',
	outbox: '/project/.raid/outbox/id',
	session: null,
	ordinal: 1,
	attempt: 1,
	runtime: 'node',
	env: {},
	install: '/dist',
};

const run = (words: readonly string[], args: readonly string[] = []) =>
	command.invocation({...request, launch: {...defaultLaunch, command: words, args}});

const read = (line: string, fields: Fields | null) =>
	command.readLine(line, {output: 'output', fields, now: 0});

test('placeholders are filled in once, anywhere in a word, and no shell sees them', () => {
	expect(run(['agent', '--model={model}', '-C', '{cwd}', '{unknown}'], ['-v'])).toEqual({
		program: 'agent',
		args: ['--model=$(date) {cwd}', '-C', '/project', '{unknown}', '-v'],
		env: {},
		stdin: 'prompt',
	});
});

test('an agent that gets the path of its prompt gets nothing on standard input', () => {
	expect(run(['agent', '--file', '{prompt_file}'])).toMatchObject({
		args: ['--file', '/logs/prompt.md'],
		stdin: 'nothing',
	});
});

test('without fields, each line is text', () => {
	expect(read('{"text":"hi"}', null)).toEqual([{type: 'text', text: '{"text":"hi"}\n', isContinued: true}]);
});

test('with fields, a JSON line has the events at their paths, and any other line has none', () => {
	const fields = {
		session: 'id',
		text: 'message.text',
		tool: 'call.name',
		input: 'usage.in',
		output: 'usage.out',
		cost: 'usage.usd',
		error: 'error',
	};
	const line = {
		id: 's1',
		message: {text: 'hi'},
		call: {name: 'shell'},
		usage: {in: 3, out: 4, usd: 0.5},
		error: 'status 401',
	};

	expect(read(JSON.stringify(line), fields)).toEqual([
		{type: 'session', id: 's1'},
		{type: 'text', text: 'hi'},
		{type: 'tool', text: 'shell'},
		{type: 'usage', input: 3, output: 4, costUsd: 0.5},
		{type: 'error', text: 'status 401', canPass: false},
	]);
	expect(read('{"message":{"text":7},"usage":"x"}', fields)).toEqual([]);
	expect(read('progress: 10%', fields)).toEqual([]);
	expect(read('{"id":', fields)).toEqual([]);
});

test('a path finds only own properties', () => {
	expect(read('{}', {text: 'constructor.name'})).toEqual([]);
});
