import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {longestMessage} from '../../src/model/message.ts';
import {aWorkspace, cliPath} from '../helpers/workspace.ts';

const party = {hailot: [[{send: 'done @human'}]]};

test.each<[string, readonly string[], number, RegExp]>([
	['an unknown command', ['frobnicate'], 2, /"frobnicate" is no command/],
	['a command of several words', ['spawns now please'], 2, /is no command/],
	['an unknown flag', ['spawns', '--frob'], 2, /--frob is no flag here/],
	['an unknown flag before the command', ['--frob', 'spawns'], 2, /--frob is no flag/],
	['a flag without its value', ['spawns', '--home'], 2, /--home needs a value/],
	['an argument too many', ['spawns', 'x'], 2, /"x" is one argument too many/],
	['an unknown channel', ['send', 'nowhere', 'hi'], 3, /no channel "nowhere"/],
	['an unknown channel to show', ['--once', '--channel', 'nowhere'], 3, /no channel "nowhere"/],
	['an empty message', ['send', 'general', ''], 2, /message is empty/],
	['a blank message', ['send', 'general', ' \n '], 2, /message is empty/],
	['no message', ['send', 'general'], 2, /MESSAGE is missing/],
	['an identity with spaces', ['register', 'Foo Bar', '--model', 'opus'], 2, /"Foo Bar" is no identity/],
	['the name of the system', ['register', 'raid', '--model', 'opus'], 2, /"raid" is taken/],
	['a model that tells no provider', ['register', 'x', '--model', 'foo'], 2, /does not tell its provider/],
	[
		'a provider that does not exist',
		['register', 'x', '--model', 'foo', '--provider', 'bar'],
		2,
		/no provider "bar"/,
	],
	['an agent without a model', ['register', 'x'], 2, /needs --model/],
	['a sender that does not exist', ['send', 'general', 'hi', '--as', 'nobody'], 3, /no identity "nobody"/],
	['speaking as the system', ['send', 'general', 'hi', '--as', 'raid'], 2, /Nobody speaks as "raid"/],
	['an unknown spawn', ['stop', 'abcd'], 3, /No spawn is called "abcd"/],
	['no spawn', ['stop'], 2, /No spawn was named/],
	['a chain of nobody', ['chain', 'nobody'], 3, /No spawn is called "nobody"/],
	['an unknown scenario', ['demo', 'nix'], 3, /no scenario "nix"/],
	['no speed', ['demo', '--speed', 'x'], 2, /--speed needs a number/],
	['speed backwards', ['demo', '--speed', '-1'], 2, /--speed must be above 0/],
	['a channel name with spaces', ['channels', 'create', 'a b'], 2, /"a b" is no channel name/],
	['a channel that exists', ['channels', 'create', 'general'], 2, /is a channel "general" already/],
	[
		'a home without a workspace',
		['spawns', '--home', '/nowhere'],
		3,
		/no workspace at \/nowhere. Make one: raid init/,
	],
])('%s: one line and its exit code', async (_, args, code, message) => {
	const {exitCode, stderr, stdout} = await aWorkspace({agents: party}).raid(args);

	expect(stderr).toMatch(message);
	expect(stderr.trimEnd().split('\n')).toHaveLength(1);
	expect([exitCode, stdout]).toEqual([code, '']);
});

test.each<[string, unknown, RegExp]>([
	['an unknown key', {maxLive: 2, colour: 'red'}, /colour is not a known key. Known keys: maxLive, maxDepth/],
	['a wrong value', {maxLive: 0}, /maxLive is 0, but must be a whole number of at least 1/],
	['a wrong duration', {stallAfter: 'soon'}, /stallAfter is .*, but must be a duration/],
])('a configuration with %s names the key, the value and the rule', async (_, config, message) => {
	const {home, raid} = aWorkspace();
	writeFileSync(join(home, 'config.json'), JSON.stringify(config));
	const {exitCode, stderr} = await raid(['spawns']);

	expect(stderr).toMatch(message);
	expect(exitCode).toBe(2);
});

test('a scenario with an unknown step is refused before anything starts', async () => {
	const {directory, raid} = aWorkspace();
	const scenario = {
		title: 't',
		channel: 'c',
		agents: {a: {model: 'm', spawns: [[{wiat: '2s'}]]}},
		human: [],
		expect: {},
	};
	writeFileSync(join(directory, 'mine.json'), JSON.stringify(scenario));
	const {exitCode, stderr, stdout} = await raid(['demo', 'mine.json']);

	expect(stderr).toMatch(
		/agents\.a\.spawns\.0\.0 is \{"wiat":"2s"\}, but must have exactly one of the steps wait, waitFor, say/,
	);
	expect([exitCode, stdout]).toEqual([2, '']);
});

test('a message may begin with a dash, after --', async () => {
	const {raid, messages} = aWorkspace();
	expect((await raid(['send', 'general', '--', '--help me'])).exitCode).toBe(0);
	expect(messages().map(message => message.text)).toEqual(['--help me']);
});

test('a message of 1 MiB is kept whole, one byte more is refused', async () => {
	const {raid, messages} = aWorkspace();
	const text = `${'ü'.repeat(longestMessage / 2 - 1)}ab`;
	expect((await raid(['send', 'general', '-'], {input: text})).exitCode).toBe(0);
	expect((await raid(['recv', 'general'])).stdout).toContain(text);
	const {exitCode, stderr} = await raid(['send', 'general', '-'], {input: `${text}c`});

	expect(exitCode).toBe(2);
	expect(stderr).toMatch(/has 1048577 bytes, at most 1048576 fit/);
	expect(messages().map(message => message.text === text)).toEqual([true]);
});

test('quotes, backticks, $() and line breaks arrive as they are', async () => {
	const {raid, messages} = aWorkspace();
	const text = `"it's" \`id\` $(id) \${HOME} \\ %s\n\t! *`;
	await raid(['send', 'general', text]);
	expect(messages()[0]?.text).toBe(text);
});

test('with no workspace --once is one line that says how to make one', async () => {
	const {directory, env} = aWorkspace();
	const {exitCode, stderr} = await execa(process.execPath, [cliPath, '--once'], {
		cwd: '/',
		reject: false,
		env: {...env, HOME: directory.replace(/[^/]+$/, 'nobody')},
	});
	expect(stderr).toMatch(/^raid: There is no workspace here or above, nor ~\/\.raid\. Make one: raid init$/);
	expect(exitCode).toBe(3);
});

test('init makes a workspace with the starter party, and a second time changes nothing', async () => {
	const {directory, raid} = aWorkspace();
	const home = join(directory, 'other');
	const first = await raid(['init', '--home', home]);
	await raid(['register', 'oplot', '--model', 'haiku', '--home', home]);
	const second = await raid(['init', '--home', home]);
	const {stdout} = await raid(['agents', '--json', '--home', home]);

	expect(first.stdout).toMatch(/is a new workspace/);
	expect(second.stdout).toMatch(/is a workspace already; nothing was changed/);
	expect(
		JSON.parse(stdout).agents.map((agent: {identity: string; model: string}) => [
			agent.identity,
			agent.model,
		]),
	).toEqual([
		['oplot', 'haiku'],
		['sonnelot', 'sonnet'],
		['hailot', 'haiku'],
		['prime', 'sonnet'],
		['sentinel', 'default'],
		['auger', 'default'],
	]);
});

test('an old Node gets one clear line and exit 2', async () => {
	const {directory} = aWorkspace();
	const preload = join(directory, 'old.cjs');
	writeFileSync(preload, `Object.defineProperty(process.versions, 'node', {value: '22.13.1'})`);
	const {exitCode, stderr} = await execa(process.execPath, ['-r', preload, cliPath, '--once'], {
		reject: false,
	});

	expect(stderr).toMatch(/^raid: needs Node\.js 22\.14 or newer, this is v[\d.]+\.$/);
	expect(exitCode).toBe(2);
});

test('every command explains itself', async () => {
	const {raid} = aWorkspace();
	const {stdout} = await raid(['--help']);
	const names = [...stdout.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(match => match[1] as string);

	expect(names).toContain('send');
	expect(names).not.toContain('supervise');
	for (const name of names) {
		const {exitCode, stdout: help} = await raid([name, '--help']);
		expect([exitCode, help]).toEqual([0, expect.stringMatching(new RegExp(`Usage: raid ${name}`))]);
	}
});

test('a reader that has seen enough is no error', async () => {
	const {directory, env, raid} = aWorkspace();
	await raid(['send', 'general', '-'], {input: 'line\n'.repeat(100_000)});
	const {exitCode, stderr} = await execa(
		'sh',
		['-c', '"$0" "$1" recv general | head -n 1', process.execPath, cliPath],
		{
			cwd: directory,
			env,
			extendEnv: false,
		},
	);
	expect([exitCode, stderr]).toEqual([0, '']);
});
