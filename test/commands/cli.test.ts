import {mkdirSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {longestMessage} from '../../src/model/message.ts';
import {readConfig} from '../../src/workspace/config.ts';
import {runHere} from '../helpers/cli.ts';
import {aWorkspace, cliPath} from '../helpers/workspace.ts';

test.each<[string, readonly string[], number, RegExp]>([
	['an unknown channel', ['send', 'nowhere', 'hi'], 3, /no channel "nowhere"/],
	['an unknown channel to show', ['--once', '--channel', 'nowhere'], 3, /no channel "nowhere"/],
	['an unknown channel to read', ['recv', 'nowhere'], 3, /no channel "nowhere"/],
	['an empty message', ['send', 'general', ''], 2, /message is empty/],
	['a blank message', ['send', 'general', ' \n '], 2, /message is empty/],
	['a task that is both done and blocked', ['send', 'general', 'x', '--done', '--blocked'], 2, /exclude/],
	['an identity with spaces', ['register', 'Foo Bar', '--model', 'opus'], 2, /"Foo Bar" is not an identity/],
	['a sender that does not exist', ['send', 'general', 'hi', '--as', 'nobody'], 3, /no identity "nobody"/],
	['an unknown spawn', ['stop', 'abcd'], 3, /No spawn id begins or ends with "abcd"/],
	['no spawn', ['stop'], 2, /No spawn was named/],
	['a spawn and all', ['stop', 'abcd', '--all'], 2, /--all does not take a spawn/],
	['a chain of nobody', ['chain', 'nobody'], 3, /No spawn id begins or ends with "nobody"/],
	['speed backwards', ['demo', '--speed', '-1'], 2, /--speed must be above 0/],
	['a channel name with spaces', ['channels', 'create', 'a b'], 2, /"a b" is not a channel name/],
	['a channel that exists', ['channels', 'create', 'general'], 2, /already a channel "general"/],
	['a tail from behind', ['recv', 'general', '--tail', '-1'], 2, /whole number of at least 0/],
	['no mention to drop', ['drop'], 2, /No mention was named/],
	['an unknown mention', ['drop', '1a2b@hailot'], 3, /No held mention is called/],
	['a channel and an agent to hold', ['hold', 'general', '--agent', 'hailot'], 2, /a channel or an agent/],
	['no alert to acknowledge', ['alerts', '--ack'], 2, /Name the alerts, or give --all/],
	['an alert without --ack', ['alerts', 'stalled'], 2, /Add --ack/],
	['an unknown alert', ['alerts', '--ack', 'stalled'], 3, /No open alert is called "stalled"/],
	['an unknown limit', ['limits', 'colour=red'], 2, /"colour" is not a limit/],
	[
		'a limit below the least',
		['limits', 'maxLive=0'],
		2,
		/maxLive is 0, but must be a whole number of at least 1/,
	],
	['an unknown agent to hold', ['hold', '--agent', 'nobody'], 3, /nobody/],
	['an unknown spawn to retry', ['retry', 'abcd'], 3, /No spawn id begins or ends with "abcd"/],
	['help for an unknown command', ['help', 'frobnicate'], 2, /"frobnicate" is not a command/],
])('%s is refused with its exit code', async (_, argv, exitCode, message) => {
	const ended = await runHere(aWorkspace(), argv);

	expect(ended).toEqual({exitCode, stdout: '', error: expect.stringMatching(message)});
});

test('an error is one line, and nothing but that', async () => {
	const {exitCode, stderr, stdout} = await aWorkspace().raid(['recv', '--home', '/nowhere', 'general']);

	expect(stderr).toBe('raid: There is no workspace at /nowhere. Create one: raid init\n');
	expect([exitCode, stdout]).toEqual([3, '']);
});

test.each<[string, unknown, RegExp]>([
	['an unknown key', {maxLive: 2, colour: 'red'}, /colour is not a known key. Known keys: maxLive, maxDepth/],
	['a wrong value', {maxLive: 0}, /maxLive is 0, but must be a whole number of at least 1/],
	['a wrong duration', {stallAfter: 'soon'}, /stallAfter is .*, but must be a duration/],
])('a configuration with %s names the key, the value and the rule', (_, config, message) => {
	const {home} = aWorkspace();
	writeFileSync(join(home, 'config.json'), JSON.stringify(config));

	expect(() => readConfig(home)).toThrow(message);
});

test('a message of 1 MiB is kept whole, one byte more is refused', async () => {
	const {raid, messages} = aWorkspace();
	const text = `${'ü'.repeat(longestMessage / 2 - 1)}ab`;
	expect((await raid(['send', 'general', '-'], {input: text})).exitCode).toBe(0);
	expect((await raid(['recv', 'general'])).stdout).toContain(text);
	const {exitCode, stderr} = await raid(['send', 'general', '-'], {input: `${text}c`});

	expect(exitCode).toBe(2);
	expect(stderr).toMatch(/has 1048577 bytes; the limit is 1048576/);
	expect(messages().map(message => message.text === text)).toEqual([true]);
});

test('quotes, backticks, $() and line breaks arrive as they are, also behind a dash', async () => {
	const {raid, messages} = aWorkspace();
	const text = `--"it's" \`id\` $(id) \${HOME} \\ %s\n\t! *`;
	await raid(['send', 'general', '--', text]);
	expect(messages()[0]?.text).toBe(text);
});

test('before the first spawn and mention the lists say that there is none', async () => {
	const {raid} = aWorkspace();
	expect((await raid(['spawns'])).stdout).toBe('No spawns yet.\n');
	expect((await raid(['mentions'])).stdout).toBe('No mentions yet.\n');
});

test('a workspace that lost its store is not taken for none', async () => {
	const {home, raid} = aWorkspace();
	rmSync(join(home, 'raid.db'));
	const {exitCode, stderr} = await raid(['spawns']);

	expect(stderr).toBe(
		`raid: ${join(home, 'raid.db')} is gone. Put it back, or a backup of it. An empty one: raid init\n`,
	);
	expect(exitCode).toBe(3);
});

test('with no workspace --once is one line that says how to make one', async () => {
	const {directory, env} = aWorkspace();
	const {exitCode, stderr} = await execa(process.execPath, [cliPath, '--once'], {
		cwd: '/',
		reject: false,
		env: {...env, HOME: directory.replace(/[^/]+$/, 'nobody')},
	});
	expect(stderr).toMatch(
		/^raid: There is no workspace here or above, nor ~\/\.raid\. Create one: raid init$/,
	);
	expect(exitCode).toBe(3);
});

test('an error that repeats an argument sends no control byte to the terminal', async () => {
	const hostile = '\u001b]0;title\u0007\u009b31m\u202e';
	for (const args of [['help', hostile], ['limits', `maxLive=${hostile}`], ['retry', hostile], [hostile]]) {
		const {stderr} = await aWorkspace().raid(args);
		expect(stderr).toMatch(/^raid: [^\p{Cc}\p{Cf}]+\n$/u);
	}
});

test('init leaves a folder of other things as it is', async () => {
	const {directory, env} = aWorkspace();
	const project = join(directory, 'project');
	mkdirSync(project, {mode: 0o755});
	writeFileSync(join(project, 'config.json'), '{"my": 1}');
	const {exitCode, stderr} = await execa(process.execPath, [cliPath, '--home', project, 'init'], {
		cwd: directory,
		reject: false,
		env,
		extendEnv: false,
	});

	expect([exitCode, stderr]).toEqual([
		2,
		expect.stringMatching(/project is not empty, and not a workspace\./),
	]);
	expect(readdirSync(project)).toEqual(['config.json']);
	expect(statSync(project).mode & 0o777).toBe(0o755);
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

test.each([[['help']], [['help', 'send']], [['send', '-h']], [['--help']], [['--version']]])(
	'raid %s succeeds without a workspace',
	async args => {
		const {exitCode, stdout, stderr} = await aWorkspace().raid([...args, '--home', '/nowhere']);

		expect([exitCode, stderr]).toEqual([0, '']);
		expect(stdout).toMatch(args[0] === '--version' ? /^\d+\.\d+/ : /^Usage: raid/m);
	},
);

test('a reader that has seen enough is not an error', async () => {
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
