import {spawn as startProcess} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {execa} from 'execa';
import {expect, onTestFinished, test} from 'vitest';
import {signalProcess} from '../../src/process/signals.ts';
import {bootId, identifyChild} from '../../src/process/table.ts';
import {listEvents} from '../../src/store/events.ts';
import {listMentions} from '../../src/store/mentions.ts';
import {listMessages} from '../../src/store/messages.ts';
import {openStore} from '../../src/store/open.ts';
import {findSpawn, listSpawns} from '../../src/store/spawns.ts';
import {openWorkspaceWhenFree} from '../../src/workspace/open.ts';
import {makeLoggedStore, makeOldStore, message, spawn} from '../helpers/old-store.ts';
import {until} from '../helpers/wait.ts';
import {cliPath, processesOf, temporaryFolder} from '../helpers/workspace.ts';

const {RAID_HOME: _, RAID_SPAWN_ID: __, ...env} = process.env;

/** A workspace of the version before, with a message to `ann` and her pending spawn `s-0001`. */
function anOldWorkspace(more = '') {
	const directory = mkdtempSync(join(tmpdir(), 'raid-test-'));
	const home = join(directory, '.raid');
	mkdirSync(join(home, 'bin'), {recursive: true});
	writeFileSync(join(home, 'config.json'), '{"graceful": "300ms"}');
	const asked = [message('m', 'h', '@ann go'), spawn('s-0001', 'a', 'm', 'pending'), more];
	makeOldStore(join(home, 'raid.db'), asked.join('\n'));
	const started: {pid: number; started: string}[] = [];
	onTestFinished(() => {
		for (const entry of [...started, ...processesOf(home)]) signalProcess(entry, 'SIGKILL');
		rmSync(directory, {recursive: true, force: true, maxRetries: 10});
	});
	const read = <T>(query: string): T => {
		const store = new Database(join(home, 'raid.db'), {readonly: true});
		try {
			return store.prepare(query).pluck().get() as T;
		} finally {
			store.close();
		}
	};
	return {
		home,
		read,
		isMigrated: () => read<number>(`SELECT count(*) FROM raid_migrations WHERE name = '003-log'`) === 1,
		/** Runs the real CLI there, to its end. */
		raid: (...args: readonly string[]) =>
			execa(process.execPath, [cliPath, ...args], {cwd: directory, reject: false, extendEnv: false, env}),
		/** Starts a process with the markers of a supervisor. */
		start: (...args: readonly string[]) => {
			const child = startProcess(process.execPath, args, {
				stdio: 'ignore',
				env: {...env, RAID_HOME: home, RAID_SUPERVISOR_OF: 's-0001'},
			});
			const identity = identifyChild(child.pid ?? 0);
			if (identity !== null) started.push(identity);
			return child;
		},
	};
}

const supervisor = join(import.meta.dirname, 'old-supervisor.ts');

test('while an older raid runs, its store stays as it is: commands say so in one line, and end with it', async () => {
	const old = anOldWorkspace();
	old.start(supervisor, old.home, 's-0001');
	await until('it runs', () => old.read(`SELECT status FROM spawns`) === 'running');
	const sent = await old.raid('send', 'general', '@bob hello');

	expect(sent.stderr).toBe(
		`raid: An older raid still runs 1 spawn in ${old.home}. Nothing was changed or posted. Wait until it has ended, or end it: raid stop --all`,
	);
	expect([sent.exitCode, sent.stdout, old.isMigrated()]).toEqual([4, '', false]);
	writeFileSync(join(old.home, 'go'), '');
	await until('it has ended', () => old.read(`SELECT status FROM spawns`) === 'completed');
	const {stdout, exitCode} = await old.raid('spawns', '--json');

	expect([exitCode, old.isMigrated()]).toEqual([0, true]);
	expect(JSON.parse(stdout).spawns).toMatchObject([{id: 's-0001', status: 'completed'}]);
});

test.each([['--all'], ['0001']])('raid stop %s ends an older raid, without a migration', async name => {
	const old = anOldWorkspace();
	old.start(supervisor, old.home, 's-0001');
	await until('it runs', () => old.read(`SELECT status FROM spawns`) === 'running');
	const {stdout, stderr, exitCode} = await old.raid('stop', name);

	expect([stderr, exitCode]).toEqual(['', 0]);
	expect(stdout).toMatch(/ann.*killed/);
	expect(old.read('SELECT status FROM spawns')).toBe('killed');
	await until('nothing is left', () => processesOf(old.home).length === 0);
	expect(old.isMigrated()).toBe(false);
	expect((await old.raid('spawns')).exitCode).toBe(0);
	expect(old.isMigrated()).toBe(true);
});

test('a supervisor that only waits for a quota keeps the store as it is, too; raid stop ends what it waits for', async () => {
	const soon = new Date(Date.now() + 3_600_000).toISOString();
	const old = anOldWorkspace(`UPDATE raid_spawns SET resume_at = '${soon}';`);
	const waiting = old.start('-e', 'setInterval(() => {}, 1000)');
	await until('it is there', () => processesOf(old.home).length > 0);
	expect((await old.raid('recv', 'general')).stderr).toMatch(/An older raid still runs 1 spawn/);
	await old.raid('stop', '--all');

	expect(old.read('SELECT status FROM spawns')).toBe('killed');
	expect((await old.raid('recv', 'general')).stdout).toContain('@ann go');
	expect(old.isMigrated()).toBe(true);
	waiting.kill('SIGKILL');
});

test('raid supervise waits for the end of an older raid, migrates the store, and runs its spawn', async () => {
	const waiting = '019a0000-0000-7000-8000-000000000002';
	const old = anOldWorkspace(message('m2', 'h', '@bob go') + spawn(waiting, 'b', 'm2', 'pending', bootId()));
	writeFileSync(join(old.home, '..', 'x'), 'what bob prints');
	old.start(supervisor, old.home, 's-0001');
	await until('it runs', () => old.read(`SELECT status FROM spawns WHERE id = 's-0001'`) === 'running');
	const supervising = old.raid('supervise', waiting);
	const opening = openWorkspaceWhenFree(old.home, old.home, env);
	// The first try was made, and refused.
	expect(old.isMigrated()).toBe(false);
	writeFileSync(join(old.home, 'go'), '');
	const {store} = await opening;
	onTestFinished(() => {
		store.close();
	});
	expect(await supervising).toMatchObject({exitCode: 0, stderr: ''});

	expect(findSpawn(store, 's-0001')?.status).toBe('completed');
	expect(findSpawn(store, waiting)).toMatchObject({status: 'completed', provider: 'command'});
	expect(listMessages(store, 'general', {limit: 1})).toMatchObject([{from: 'bob', text: 'what bob prints'}]);
});

test('a raid of the version before this one is left alone as well, and its stop is in its log', async () => {
	const directory = temporaryFolder();
	const home = join(directory, '.raid');
	mkdirSync(home);
	writeFileSync(join(home, 'config.json'), '{"graceful": "100ms"}');
	const supervising = startProcess(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
		stdio: 'ignore',
	});
	onTestFinished(() => void supervising.kill('SIGKILL'));
	const supervisor = identifyChild(supervising.pid ?? 0);
	const path = join(home, 'raid.db');
	makeLoggedStore(path, [
		{id: 's-0001', status: 'running', supervisor},
		{id: 's-0002', status: 'pending', supervisor: null},
	]);
	const raid = (...args: readonly string[]) =>
		execa(process.execPath, [cliPath, ...args], {cwd: directory, reject: false, extendEnv: false, env});
	expect((await raid('--once')).stderr).toMatch(/An older raid still runs 1 spawn/);
	const {stderr, exitCode} = await raid('stop', '--all');

	expect([stderr, exitCode]).toEqual(['', 0]);
	const store = openStore(path, {machine: 'm'});
	onTestFinished(() => void store.close());
	expect(listEvents(store).map(event => [event.kind, 'spawn' in event ? event.spawn : null])).toEqual([
		['kill-asked', 's-0001'],
		['kill-asked', 's-0002'],
		['mention-settled', null],
		['spawn-ended', 's-0002'],
		['spawn-ended', 's-0001'],
	]);
	expect(listSpawns(store).map(({status, killedBy}) => [status, killedBy])).toEqual([
		['killed', 'human'],
		['killed', 'human'],
	]);
	expect(listMentions(store)).toMatchObject([{outcome: 'held', reason: 'stopped'}]);
});
