import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {isAlive} from '../../src/process/table.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace} from '../helpers/workspace.ts';

const retry = {print: '{"type":"retry","text":"401"}'};

/** Quotes, backticks, substitutions, controls and every kind of character, 300 KB of it. */
const odd =
	`'"\`\`\`$(touch owned)\`touch owned\`\\ %s !! ~ *\u0001\u0007\u001b[2J\u007f\r\n\té漢🎉 @nobody --flag\n`.repeat(
		5000,
	);

test('a CLI that only tries again is stalled, says what it tries, and works again when it gets on', async () => {
	const steps = [...Array.from({length: 7}, () => retry), {waitFor: 'go'}, {say: 'on'}, {hang: true}];
	const workspace = aWorkspace({agents: {hailot: [steps]}, config: {stallAfter: '2s', overdueAfter: '1h'}});
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.spawnOf('hailot', spawn => spawn.retry?.count === 7);
	let health = '';
	for (health = ''; !health.includes('stalled'); ) ({stdout: health} = await workspace.raid(['health']));

	expect(health).toMatch(/hailot stalled: retrying: 401 \(7 times\) for \d+s/);
	workspace.go();
	await workspace.spawnOf('hailot', spawn => spawn.retry === null);
});

test('what a CLI prints of its retries does not save it from killAfter', async () => {
	const steps = Array.from({length: 600}, () => [retry, {wait: '100ms'}]).flat();
	const workspace = aWorkspace({agents: {hailot: [steps]}, config: {killAfter: '2s', retries: 0}});
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({
		status: 'timeout',
		failure: expect.stringMatching(/^killed after \d+s of silence/),
	});
});

test('tokens and cost are summed over the attempts of a spawn, its chain and its agent', async () => {
	const usage = (input: number) => ({print: `{"type":"usage","input":${input},"output":1,"costUsd":0.25}`});
	const steps = [
		{...usage(1000), attempt: 1},
		{exit: 3, attempt: 1},
		{...usage(2000), attempt: 2},
		{send: '@sonnelot go', attempt: 2},
	];
	const workspace = aWorkspace({agents: {hailot: [steps], sonnelot: [[usage(500), {send: '@human done'}]]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.rest();
	const chain = await workspace.raid(['chain', '--json']);

	expect(workspace.spawns()[0]).toMatchObject({tokensIn: 3000, tokensOut: 2, costUsd: 0.5});
	expect(JSON.parse(chain.stdout)).toMatchObject({total: {tokens: {input: 3500, output: 3}, costUsd: 0.75}});
	expect((await workspace.raid(['agents'])).stdout).toMatch(/hailot .* 3\.0k\/2 \$0\.50/);
});

test('a constitution and a message of 300 KB of odd characters arrive unchanged', async () => {
	const workspace = aWorkspace();
	const {directory} = workspace;
	writeFileSync(join(directory, 'odd.md'), odd);
	const register = ['register', 'odd', '--command', 'cp {prompt_file} received', '--constitution', 'odd.md'];
	expect((await workspace.raid(register)).exitCode).toBe(0);
	expect((await workspace.raid(['send', 'general', '-'], {input: `@odd ${odd}`})).exitCode).toBe(0);
	await workspace.rest();
	const received = readFileSync(join(directory, 'received'), 'utf8');

	expect(received).toContain(odd.trim());
	expect(received).toContain(`@odd ${odd}`.trimEnd().replace(/^/gm, '> '));
	expect(existsSync(join(directory, 'owned'))).toBe(false);
});

test('bytes that are no text are refused, and not kept changed', async () => {
	const workspace = aWorkspace();
	writeFileSync(join(workspace.directory, 'bytes'), Buffer.from([0x68, 0xff, 0xfe]));
	const register = ['register', 'odd', '--command', 'true', '--constitution', 'bytes'];

	expect(await workspace.raid(register)).toMatchObject({
		exitCode: 2,
		stderr: expect.stringContaining('not UTF-8'),
	});
	expect(
		await workspace.raid(['send', 'general', '-'], {input: Buffer.from([0x68, 0xff]) as never}),
	).toMatchObject({
		exitCode: 2,
		stderr: 'raid: The message is not UTF-8 text. Convert it first: iconv -t UTF-8\n',
	});
});

test('the session and the tokens of any CLI that prints JSON lines are read from the declared fields', async () => {
	const workspace = aWorkspace();
	const lines = [
		{kind: 'start', id: 'session-7'},
		{kind: 'say', message: {text: 'All done.'}},
		{kind: 'end', usage: {in: 30, out: 4}},
	];
	writeFileSync(join(workspace.directory, 'lines'), lines.map(line => `${JSON.stringify(line)}\n`).join(''));
	const fields = 'session=id,text=message.text,input=usage.in,output=usage.out';
	await workspace.raid(['register', 'other', '--command', 'cat lines', '--fields', fields]);
	await workspace.raid(['send', 'general', '@other go']);
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({
		status: 'completed',
		sessionId: 'session-7',
		tokensIn: 30,
		tokensOut: 4,
	});
	expect(workspace.messages().at(-1)).toMatchObject({from: 'other', text: 'All done.'});
});

test.each([
	[['--permissions', 'all'], '--permissions is one of ask-nothing, edit, full, not "all".'],
	[['--model', 'opus', '--fields', 'text=x'], '--fields goes only with --command.'],
	[['--command', 'true', '--fields', 'words=x'], '--fields cannot be read at "words=x".'],
	[['--command', '["sh", 7]'], '--command'],
	[['--command', '[]'], '--command is empty.'],
	[['--command', 'true', '--fields', 'text'], '--fields cannot be read at "text".'],
])('register refuses %j', async (flags, message) => {
	const workspace = aWorkspace();
	const {exitCode, stderr} = await workspace.raid(['register', 'odd', ...flags]);

	expect(exitCode).toBe(2);
	expect(stderr).toContain(message);
	expect(stderr.trimEnd()).not.toContain('\n');
});

test('register changes what is named, and keeps the rest', async () => {
	const workspace = aWorkspace();
	const read = async () => JSON.parse((await workspace.raid(['agents', '--json'])).stdout).agents[0];
	await workspace.raid(['register', 'bot', '--model', 'opus', '--args=--max-turns 5', '--resume']);
	await workspace.raid(['register', 'bot', '--permissions', 'full']);

	expect(await read()).toMatchObject({
		provider: 'claude',
		model: 'opus',
		permissions: 'full',
		args: ['--max-turns', '5'],
		resume: true,
	});
	const words = ['sh', '-c', 'echo "hi there" $1'];
	await workspace.raid([
		'register',
		'bot',
		'--command',
		JSON.stringify(words),
		'--no-resume',
		'--args',
		'[]',
	]);
	expect(await read()).toMatchObject({provider: 'command', command: words, args: [], resume: false});
	await workspace.raid(['register', 'bot', '--model', 'haiku']);
	expect(await read()).toMatchObject({provider: 'claude', model: 'haiku', command: null});
});

test('an agent cannot give itself more than it has, nor undo what holds it', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{waitFor: 'go'}]]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	const {id} = await workspace.spawnOf('hailot', spawn => spawn.process !== null);
	const env = {RAID_SPAWN_ID: id, RAID_IDENTITY: 'hailot'};

	for (const args of [
		['register', 'hailot', '--permissions', 'full'],
		['release', '--all'],
		['drop', '--all'],
	]) {
		expect(await workspace.raid(args, {env})).toMatchObject({
			exitCode: 2,
			stderr: 'raid: Only the operator may do that. Ask for it in the channel: mention @human.\n',
		});
	}
});

test('a CLI that fails without a word in its output is told by the last one on standard error', async () => {
	const workspace = aWorkspace();
	workspace.registerCommand('strict', ['sh', '-c', 'echo "error: unknown option --x" >&2; exit 2']);
	await workspace.raid(['send', 'general', '@strict go']);
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({
		status: 'failed',
		attempt: 1,
		failure: 'error: unknown option --x (exit 2)',
	});
});

test('a CLI whose output was no text when its supervisor died blocks nothing', async () => {
	const workspace = aWorkspace({
		agents: {hailot: [[{print: '{"type":"result","isSuccess":{},"text":7}'}, {hang: true}]]},
	});
	await workspace.raid(['send', 'general', '@hailot go']);
	const {supervisor, process: agent} = await workspace.spawnOf('hailot', spawn => spawn.process !== null);
	process.kill(supervisor?.pid ?? 0, 'SIGKILL');
	// The agent's group: a wrapper leads it.
	process.kill(-(agent?.pid ?? 0), 'SIGKILL');
	await until('both are gone', () => [supervisor, agent].every(found => !isAlive(found)));
	await workspace.raid(['cleanup']);
	// The CLI itself outlived its wrapper: the next supervisor ends it.
	await workspace.rest();
	expect(workspace.spawns()[0]?.status).toBe('failed');
	expect((await workspace.raid(['spawns'])).exitCode).toBe(0);
});

test('an agent that was changed while its spawn waited is run as it is now', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{quota: '2s'}]]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.spawnOf('hailot', spawn => spawn.resumeAt !== null);
	await workspace.raid(['register', 'hailot', '--command', 'echo changed']);
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({status: 'completed', provider: 'command'});
	expect(workspace.messages().at(-1)).toMatchObject({from: 'hailot', text: 'changed'});
});
