import {execFileSync} from 'node:child_process';
import {
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {startSupervisors} from '../../src/launcher/start.ts';
import {spawnFolder} from '../../src/workspace/paths.ts';
import {aWorkspace, isRunning} from '../helpers/workspace.ts';

// `$OWN` is the folder of the agent's own attempts, `$TRY` the file of its first exit.
const prelude = 'OWN=$RAID_HOME/logs/$RAID_SPAWN_ID; ';

test('a FIFO where the output of the next attempt is to go stops nobody: the retry runs', async () => {
	const workspace = aWorkspace();
	const script = `${prelude} [ -e $OWN/2.out.jsonl ] && { echo second; exit; }; mkfifo $OWN/2.out.jsonl; exit 1`;
	workspace.registerCommand('w', ['sh', '-c', script]);
	await workspace.raid(['send', 'general', '@w go']);
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({status: 'completed', attempt: 2});
	expect(workspace.messages().at(-1)).toMatchObject({from: 'w', text: 'second'});
	const folder = spawnFolder(workspace.home, workspace.spawns()[0]?.id ?? '');
	expect(lstatSync(join(folder, '2.out.jsonl')).isFile()).toBe(true);
});

test('a link where the output of the next attempt is to go is not followed: nothing outside is read or written', async () => {
	const workspace = aWorkspace();
	writeFileSync(join(workspace.directory, 'victim'), 'a secret\n');
	const links = ['out.jsonl', 'err.log', 'exit'].map(name => `ln -s $PWD/victim $OWN/2.${name};`).join(' ');
	const script = `${prelude} [ -e $OWN/2.out.jsonl ] && { echo second; exit; }; ${links} exit 1`;
	workspace.registerCommand('w', ['sh', '-c', script]);
	await workspace.raid(['send', 'general', '@w go']);
	await workspace.rest();

	expect(readFileSync(join(workspace.directory, 'victim'), 'utf8')).toBe('a secret\n');
	expect(workspace.messages().map(({text}) => text)).toEqual(['@w go', 'second']);
});

test('a link where the prompt of a queued spawn is to go is replaced: nothing outside is overwritten', async () => {
	const workspace = aWorkspace({config: {maxLive: 1}});
	workspace.registerCommand('first', ['sh', '-c', 'while [ ! -e go ]; do sleep 0.05; done']);
	workspace.registerCommand('second', ['sh', '-c', 'grep -c go']);
	await workspace.raid(['send', 'general', '@first @second go']);
	const queued = await workspace.spawnOf('second', ({status}) => status === 'pending');
	await workspace.spawnOf('first', isRunning);
	const victim = join(workspace.directory, 'victim');
	writeFileSync(victim, 'precious');
	mkdirSync(spawnFolder(workspace.home, queued.id), {recursive: true});
	for (const name of ['prompt.md', 'supervisor.err.log']) {
		const path = join(spawnFolder(workspace.home, queued.id), name);
		if (!existsSync(path)) symlinkSync(victim, path);
	}
	workspace.go();
	await workspace.rest();

	expect(readFileSync(victim, 'utf8')).toBe('precious');
	expect(workspace.spawns().map(({status}) => status)).toEqual(['completed', 'completed']);
	expect(lstatSync(join(spawnFolder(workspace.home, queued.id), 'prompt.md')).isFile()).toBe(true);
});

test('a FIFO in the place of the output while the agent runs hides nothing: its end and its answer are recorded', async () => {
	const workspace = aWorkspace();
	const script = `${prelude} rm $OWN/1.out.jsonl $OWN/1.exit; mkfifo $OWN/1.out.jsonl $OWN/1.exit; echo the answer`;
	workspace.registerCommand('w', ['sh', '-c', script]);
	await workspace.raid(['send', 'general', '@w go']);
	await workspace.rest();
	const {id} = workspace.spawns()[0] ?? {id: ''};
	const log = await workspace.raid(['logs', id]);

	expect(workspace.spawns()[0]).toMatchObject({status: 'completed', exitCode: 0});
	expect(workspace.messages().at(-1)).toMatchObject({from: 'w', text: 'the answer'});
	expect(log.stdout).toMatch(/^[^\n]*1\.out\.jsonl is a FIFO, which would block whoever opens it\.\n$/);
});

test('a folder in the way of an attempt ends it with that reason', async () => {
	const workspace = aWorkspace();
	workspace.registerCommand('w', ['sh', '-c', `${prelude} mkdir $OWN/2.out.jsonl; exit 1`]);
	await workspace.raid(['send', 'general', '@w go']);
	await workspace.rest();

	expect(workspace.spawns()[0]?.failure).toMatch(/2\.out\.jsonl is a folder, not a file/);
});

test('a spawn whose folder is a link starts nothing, and an id that is a path makes no folder', async () => {
	const workspace = aWorkspace();
	const {directory, home, opened} = workspace;
	workspace.registerCommand('w', ['echo', 'hi']);
	const elsewhere = join(directory, 'elsewhere');
	mkdirSync(elsewhere);
	renameSync(join(home, 'logs'), join(home, 'logs.old'));
	symlinkSync(elsewhere, join(home, 'logs'));
	const sent = await workspace.raid(['send', 'general', '@w go']);
	expect(sent.stderr).toMatch(/logs is a symbolic link, which raid does not follow/);
	await expect(startSupervisors(opened, ['../../../escaped'])).rejects.toThrow(/is not the id of a spawn/);

	expect(readdirSync(elsewhere)).toEqual([]);
	expect(existsSync(join(directory, '..', 'escaped'))).toBe(false);
	expect(spawnFolder(home, '../../../escaped')).toBe(join(home, 'logs', 'no-such-spawn'));
});

test('instructions that are a FIFO end the spawn with that reason, and hang nobody', async () => {
	const workspace = aWorkspace({agents: {q: [[{say: 'hi'}]]}});
	const path = join(workspace.home, 'agents', 'q.md');
	renameSync(path, `${path}.old`);
	execFileSync('mkfifo', [path]);
	await workspace.raid(['send', 'general', '@q go']);
	await workspace.rest();

	expect(workspace.spawns()[0]?.failure).toMatch(/q\.md is a FIFO/);
});

test('an agent that floods is ended with that reason, and not tried again', async () => {
	const workspace = aWorkspace({config: {maxOutput: '4MiB', graceful: '300ms'}});
	workspace.registerCommand('flood', ['yes']);
	workspace.registerCommand('errors', ['sh', '-c', 'yes >&2']);
	await workspace.raid(['send', 'general', '@flood @errors go']);
	await workspace.rest();

	for (const spawn of workspace.spawns()) {
		expect(spawn).toMatchObject({status: 'failed', attempt: 1, failure: 'more than 4 MiB of output'});
	}
});

test('an agent whose only output is one huge line posts a note of it, and its log says so as well', async () => {
	const workspace = aWorkspace();
	workspace.registerCommand('w', ['sh', '-c', 'head -c 20000000 /dev/zero | tr "\\0" x']);
	await workspace.raid(['send', 'general', '@w go']);
	await workspace.rest();
	const {stdout} = await workspace.raid(['logs', workspace.spawns()[0]?.id ?? '']);

	expect(workspace.spawns()[0]?.status).toBe('completed');
	expect(workspace.messages().at(-1)).toMatchObject({from: 'w', text: '[a line of 19 MiB was left out]'});
	expect(stdout).toBe('[a line of 19 MiB was left out]\n');
});
