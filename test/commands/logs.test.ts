import {appendFileSync, readFileSync, truncateSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {until} from '../helpers/wait.ts';
import {aWorkspace, type TestWorkspace} from '../helpers/workspace.ts';

const talk = [
	{say: 'I look around.'},
	{tool: 'Bash: ls'},
	{print: '{"type":"tool result","text":"a\\nb"}'},
	{print: 'torn {"type":'},
	{send: 'done @human'},
];

async function rested(workspace: TestWorkspace): Promise<string> {
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.rest();
	return workspace.spawns()[0]?.id ?? '';
}

test('logs shows the conversation, and of a torn line nothing', async () => {
	const workspace = aWorkspace({agents: {hailot: [talk]}});
	const id = await rested(workspace);
	const {stdout} = await workspace.raid(['logs', id]);

	expect(stdout).toMatch(
		/^session \S+\nI look around\.\n▸ Bash: ls\n {2}│ a\n {2}│ b\n▸ raid send general\nended well\n$/,
	);
	expect((await workspace.raid(['logs', id, '--tail', '2'])).stdout).toBe(
		'▸ raid send general\nended well\n',
	);
	expect((await workspace.raid(['logs', id, '--tail', '0'])).stdout).toBe('');
});

test('--raw gives the bytes as they are, --json an event a line', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{print: '\u001b[31mred'}, ...talk]]}});
	const id = await rested(workspace);
	const bytes = readFileSync(join(workspace.home, 'logs', id, '1.out.jsonl'), 'utf8');

	expect((await workspace.raid(['logs', id, '--raw'])).stdout).toBe(bytes);
	expect((await workspace.raid(['logs', id, '--raw', '--tail', '1'])).stdout).toBe(
		bytes.slice(bytes.trimEnd().lastIndexOf('\n') + 1),
	);
	const events = (await workspace.raid(['logs', id, '--json'])).stdout.trim().split('\n');
	expect(events.map(line => JSON.parse(line))[1]).toEqual({
		version: 1,
		attempt: 1,
		type: 'text',
		text: 'I look around.',
	});
});

test('each attempt has a heading, and can be chosen', async () => {
	const steps = [
		{say: 'first', attempt: 1},
		{exit: 3, attempt: 1},
		{say: 'second', attempt: 2},
	];
	const workspace = aWorkspace({agents: {hailot: [steps]}});
	const id = await rested(workspace);

	expect((await workspace.raid(['logs', id])).stdout).toMatch(
		/── attempt 1 ──\n.*\nfirst\n── attempt 2 ──\n.*\nsecond\n/,
	);
	expect((await workspace.raid(['logs', id, '--attempt', '2'])).stdout).not.toContain('first');
	expect(await workspace.raid(['logs', id, '--attempt', '3'])).toMatchObject({
		exitCode: 3,
		stderr: 'raid: There is no attempt 3. The spawn has had 2.\n',
	});
	expect(await workspace.raid(['logs', id, '--attempt', '0'])).toMatchObject({exitCode: 2});
	expect(await workspace.raid(['logs', id, '--tail', '1.5'])).toMatchObject({exitCode: 2});
});

test('--follow continues with new output, over a retry too, and ends with the spawn', async () => {
	const steps = [
		{say: 'before', attempt: 1},
		{waitFor: 'go', attempt: 1},
		{exit: 3, attempt: 1},
		{say: 'after', attempt: 2},
	];
	const workspace = aWorkspace({agents: {hailot: [steps]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	const {id} = await workspace.spawnOf('hailot', spawn => spawn.attempt === 1);
	const following = workspace.raid(['logs', id, '--follow']);
	let seen = '';
	following.stdout.on('data', data => {
		seen += data;
	});
	await until('the first lines', () => seen.includes('before'));
	workspace.go();

	expect((await following).stdout).toMatch(/before\n── attempt 2 ──\n.*\nafter\nended well\n$/);
});

test('--errors shows its standard error, made safe', async () => {
	const workspace = aWorkspace();
	workspace.registerCommand('noisy', [
		'sh',
		'-c',
		'cat >/dev/null; printf "\\033[2Jwarning\\n" >&2; echo hello',
	]);
	await workspace.raid(['send', 'general', '@noisy go']);
	await workspace.rest();
	const id = workspace.spawns()[0]?.id ?? '';

	expect((await workspace.raid(['logs', id, '--errors'])).stdout).toBe('warning\n');
	expect((await workspace.raid(['logs', id])).stdout).toBe('hello\n');
});

test('--tail reads only the end of a log, however long it is', async () => {
	const workspace = aWorkspace();
	workspace.registerCommand('w', ['echo', 'hi']);
	await workspace.raid(['send', 'general', '@w go']);
	await workspace.rest();
	const {id} = workspace.spawns()[0] ?? {id: ''};
	// A hole of 1 TiB, which nobody could read to its end.
	const path = join(workspace.home, 'logs', id, '1.out.jsonl');
	truncateSync(path, 2 ** 40);
	appendFileSync(path, '\none\ntwo\nthree\n');

	expect((await workspace.raid(['logs', id, '--tail', '2'])).stdout).toBe('two\nthree\n');
	expect((await workspace.raid(['logs', id, '--tail', '0'])).stdout).toBe('');
	const {stdout} = await workspace.raid(['logs', id, '--tail', '9']);
	expect(stdout).toBe('[1 TiB of output were left out]\none\ntwo\nthree\n');
	expect((await workspace.raid(['logs', id, '--raw', '--tail', '1'])).stdout).toBe('three\n');
});

test('--tail reaches back into earlier attempts when the last one said less', async () => {
	const steps = [
		{say: 'first', attempt: 1},
		{say: 'second', attempt: 1},
		{exit: 3, attempt: 1},
		{say: 'third', attempt: 2},
	];
	const workspace = aWorkspace({agents: {hailot: [steps]}});
	const id = await rested(workspace);
	const all = (await workspace.raid(['logs', id])).stdout.trimEnd().split('\n');

	for (const count of [1, 3, 5, 7]) {
		const {stdout} = await workspace.raid(['logs', id, '--tail', String(count)]);
		expect(stdout.trimEnd().split('\n')).toEqual(all.slice(-count));
	}
});
