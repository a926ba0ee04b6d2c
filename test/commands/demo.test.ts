import {existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execa} from 'execa';
import {expect, onTestFinished, test} from 'vitest';
import {removeAbandonedDemos, signDemo} from '../../src/demo/abandoned.ts';
import {signalProcess} from '../../src/process/signals.ts';
import {findMarked} from '../../src/process/table.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, cliPath, temporaryFolder} from '../helpers/workspace.ts';

interface Document {
	readonly version: number;
	readonly counts: Record<string, number>;
	readonly spawns: readonly {
		agent: string;
		depth: number;
		status: string;
		attempt: number;
		reason: string | null;
	}[];
	readonly messages: readonly {from: string; mentions: readonly {agent: string; outcome: string}[]}[];
}

const play = (args: readonly string[], env: NodeJS.ProcessEnv = process.env) =>
	execa(process.execPath, [cliPath, 'demo', ...args], {stdin: 'ignore', reject: false, env});

const stages = () => readdirSync(tmpdir()).filter(name => name.startsWith('raid-demo-'));

/** Homes of demos that processes still run in. */
const stagesInUse = () => [...findMarked('RAID_HOME').keys()].filter(home => home.includes('raid-demo-'));

test('fractal without a terminal: a tree three deep, all completed, and the human called', async () => {
	const {exitCode, stdout, stderr} = await play(['fractal', '--speed', '10']);

	expect([exitCode, stderr]).toEqual([0, '']);
	expect(stdout).toMatch(
		/^✓ sonnelot #\w+ +completed.*\n└─✓ hailot #\w+ +completed.*\n {2}└─✓ sonnelot #\w+ +completed/m,
	);
	expect(stdout).toMatch(/→ @human called/);
	expect(stdout).not.toContain('\u001b');
});

test.each([
	['failure', {completed: 1, failed: 1, killed: 0}],
	['stall', {completed: 0, failed: 0, killed: 1}],
	['parallel', {completed: 3, failed: 0, killed: 0}],
	['roundtrip', {completed: 1, failed: 0, killed: 0}],
	['chainviz', {completed: 4, failed: 0, killed: 1}],
])('%s ends as it says, as one JSON document', async (name, counts) => {
	const {exitCode, stdout, stderr} = await play([name, '--speed', '8', '--json']);
	const document = JSON.parse(stdout) as Document;

	expect([exitCode, stderr]).toEqual([0, '']);
	expect(document).toMatchObject({version: 1, counts: {...counts, live: 0, pending: 0}});
});

test('a demo leaves no process and no file behind, also when it is interrupted', async () => {
	const before = stages();
	const running = execa(process.execPath, [cliPath, 'demo', 'stall'], {stdin: 'ignore', reject: false});
	const stage = await until('a stage with processes', () => {
		const own = stages().find(name => !before.includes(name));
		return own !== undefined && stagesInUse().some(home => home.includes(own)) && own;
	});
	running.nodeChildProcess.kill('SIGINT');
	const {exitCode} = await running;

	expect(exitCode).toBe(130);
	expect(stages()).not.toContain(stage);
	expect(stagesInUse().filter(home => home.includes(stage))).toEqual([]);
});

test('in a terminal the demo is the dashboard, and quitting it cleans up', async () => {
	const {directory, env} = aWorkspace();
	const terminal = openTerminal(['demo', 'chainviz', '--speed', '4'], {cwd: directory, env});
	const row = await terminal.shows(/raid-demo-\w+/);
	await terminal.shows(/● oplot #\w{4} +working/);
	await terminal.shows(/● sonnelot #\w{4} +working/);
	terminal.press('q');
	const stage = /raid-demo-\w+/.exec(row)?.[0] ?? '';

	expect((await terminal.ended()).exitCode).toBe(0);
	expect(stages()).not.toContain(stage);
	expect(stagesInUse().filter(home => home.includes(stage))).toEqual([]);
});

test('the echo loop: 24 spawns or more without guards, at most 6 with them', async () => {
	const count = async (...flags: string[]) => {
		const {exitCode, stdout} = await play(['echo', '--speed', '20', '--json', ...flags]);
		expect(exitCode).toBe(0);
		return (JSON.parse(stdout) as Document).spawns.length;
	};

	const [guarded, unguarded] = await Promise.all([count(), count('--no-guards')]);
	expect(guarded).toBeLessThanOrEqual(6);
	expect(unguarded).toBeGreaterThanOrEqual(24);
});

test('a demo whose reader goes away leaves nothing behind', async () => {
	const before = stages();
	await execa('sh', ['-c', '"$0" "$1" demo stall --speed 2 | head -n 1', process.execPath, cliPath], {
		stdin: 'ignore',
	});
	const own = stages().filter(name => !before.includes(name));
	await until('all is gone', () => own.every(name => !stages().includes(name)));

	expect(stagesInUse().filter(home => own.some(name => home.includes(name)))).toEqual([]);
});

test('a raid that does not end in time is a failure, and leaves nothing behind', async () => {
	const {directory} = aWorkspace();
	const scenario = {
		title: 'endless',
		channel: 'c',
		agents: {a: {model: 'm', spawns: [[{hang: true}]]}},
		human: [{send: '@a go'}, {until: {agent: 'a', is: 'completed'}}],
		expect: {},
		limit: '3s',
	};
	writeFileSync(join(directory, 'endless.json'), JSON.stringify(scenario));
	const {exitCode, stderr} = await execa(process.execPath, [cliPath, 'demo', 'endless.json'], {
		cwd: directory,
		env: {TMPDIR: directory},
		stdin: 'ignore',
		reject: false,
	});

	expect([exitCode, stderr]).toEqual([1, 'raid: the raid did not end within 3 s']);
	expect(readdirSync(directory).filter(name => name.startsWith('raid-'))).toEqual([]);
});

test('a demo that was killed is ended and removed by the next one', async () => {
	// A folder of its own: another demo of this machine would remove what the first one left.
	const folder = temporaryFolder();
	const env = {...process.env, TMPDIR: folder};
	const running = execa(process.execPath, [cliPath, 'demo', 'stall'], {stdin: 'ignore', reject: false, env});
	const processesIn = () =>
		[...findMarked('RAID_HOME')].flatMap(([home, entries]) => (home.startsWith(folder) ? entries : []));
	onTestFinished(() => {
		for (const entry of processesIn()) signalProcess(entry, 'SIGKILL');
	});
	await until('its agents run', () => processesIn().length > 0);
	running.nodeChildProcess.kill('SIGKILL');
	await running;
	expect(readdirSync(folder)).toHaveLength(1);
	const {exitCode} = await play(['echo', '--speed', '10'], env);

	expect(exitCode).toBe(0);
	expect(readdirSync(folder)).toEqual([]);
	expect(processesIn()).toEqual([]);
});

test('a folder with the name of a demo that nobody signed, or whose demo still runs, is left alone', async () => {
	const unsigned = mkdtempSync(join(tmpdir(), 'raid-demo-'));
	const playing = mkdtempSync(join(tmpdir(), 'raid-demo-'));
	onTestFinished(() => {
		for (const folder of [unsigned, playing]) rmSync(folder, {recursive: true, force: true});
	});
	signDemo(playing);
	await removeAbandonedDemos();

	expect([existsSync(unsigned), existsSync(playing)]).toEqual([true, true]);
});
