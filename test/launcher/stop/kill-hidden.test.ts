import {existsSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {identifyChild, isAlive, readProcess} from '../../../src/process/table.ts';
import {createWorkspace} from '../../../src/workspace/create.ts';
import {platform} from '../../../src/workspace/open.ts';
import {until} from '../../helpers/wait.ts';
import {
	aWorkspace,
	cliPath,
	isRunning,
	processesOf,
	type TestWorkspace,
	temporaryFolder,
} from '../../helpers/workspace.ts';

/** A workspace with an agent that runs a shell script; `$PID` is a file for the PID of what it hides. */
async function anAgent(script: string) {
	const workspace = aWorkspace({config: {graceful: '300ms'}});
	const file = join(workspace.directory, 'hidden.pid');
	workspace.registerCommand('a', ['sh', '-c', script.replaceAll('$PID', file)]);
	await workspace.raid(['send', 'general', '@a go']);
	const pid = await until('it hides something', () => {
		const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
		return text.endsWith('\n') && Number(text);
	});
	const hidden = identifyChild(pid);
	if (hidden === null) throw new Error('What was hidden is gone.');
	return {...workspace, hidden};
}

test('a kill ends a daemon without marker, group and parent that was seen while the agent ran', async () => {
	const {raid, spawnOf, go, hidden} = await anAgent(
		`sh -c 'env -i setsid sh -c "echo \\$\\$ > $PID; exec sleep 351" & until [ -e go ]; do sleep 0.1; done' & sleep 600`,
	);
	const {id} = await spawnOf('a', ({seenProcesses}) => seenProcesses.some(({pid}) => pid === hidden.pid));
	const parent = readProcess(hidden.pid)?.parentPid ?? 0;
	go();
	await until('its parent is gone', () => readProcess(hidden.pid)?.parentPid !== parent);
	const {exitCode, stdout} = await raid(['stop', id]);

	expect([exitCode, stdout]).toEqual([0, expect.stringContaining(String(hidden.pid))]);
	expect(isAlive(hidden)).toBe(false);
});

test('what an agent leaves in its own group without its marker is a stray: health says so, cleanup ends it', async () => {
	const {raid, rest, hidden, spawns} = await anAgent(
		`env -i sh -c 'echo $$ > $PID; exec sleep 352' & while [ ! -s $PID ]; do sleep 0.05; done; echo done`,
	);
	await rest();
	await until('it has outlived its spawn', () => Date.now() - (spawns()[0]?.endedAt ?? 0) > 2500);
	const ill = await raid(['health']);
	const cleaned = await raid(['cleanup']);

	expect([ill.exitCode, ill.stdout]).toEqual([1, expect.stringMatching(/stray/)]);
	expect(cleaned.stdout).toContain(`killed ${hidden.pid}`);
	expect(isAlive(hidden)).toBe(false);
});

test('a child that calls itself a supervisor is ended all the same', async () => {
	const {raid, spawns, hidden} = await anAgent(
		`RAID_SUPERVISOR_OF=x env -u RAID_SPAWN_ID setsid sh -c 'echo $$ > $PID; exec sleep 353' & sleep 600`,
	);
	await raid(['stop', spawns()[0]?.id ?? '']);

	expect(isAlive(hidden)).toBe(false);
});

test('a spawn that runs after the store was made anew: health says so, and cleanup ends it', async () => {
	const workspace = aWorkspace({
		agents: {a: [[{ignoreTerm: true}, {hang: true}]]},
		config: {graceful: '300ms'},
	});
	const {home, raid} = workspace;
	await raid(['send', 'general', '@a go']);
	const {process: agent, supervisor} = await workspace.spawnOf('a', isRunning);
	process.kill(supervisor?.pid ?? 0, 'SIGKILL');
	for (const name of ['raid.db', 'raid.db-wal', 'raid.db-shm']) rmSync(join(home, name), {force: true});
	await raid(['init']);
	const ill = await raid(['health']);
	const cleaned = await raid(['cleanup']);
	const well = await raid(['health']);

	expect([ill.exitCode, ill.stdout]).toEqual([
		1,
		expect.stringMatching(/store does not know still runs \(PID/),
	]);
	expect(cleaned.stdout).toMatch(/a #\w{4} had strays: killed/);
	expect(isAlive(agent)).toBe(false);
	expect(well.exitCode).toBe(0);
});

async function withReplacedStore(make: (workspace: TestWorkspace, path: string) => void) {
	const workspace = aWorkspace({
		agents: {a: [[{say: 'working'}, {waitFor: 'go'}, {say: 'my answer'}]]},
		config: {graceful: '300ms', retries: 2},
	});
	await workspace.raid(['send', 'general', '@a go']);
	const spawn = await workspace.spawnOf('a', isRunning);
	workspace.opened.store.pragma('wal_checkpoint(TRUNCATE)');
	const fresh = join(workspace.home, 'fresh.db');
	make(workspace, fresh);
	renameSync(fresh, join(workspace.home, 'raid.db'));
	return {workspace, spawn};
}

test('a supervisor goes over to a copy that replaced its store, and loses nothing', async () => {
	const {workspace, spawn} = await withReplacedStore(({opened}, path) =>
		opened.store.exec(`VACUUM INTO '${path}'`),
	);
	const log = join(workspace.home, 'logs', spawn.id, 'supervisor.err.log');
	await until('it notices', () => readFileSync(log, 'utf8').includes('was replaced or deleted'));
	workspace.go();
	await until('nothing is left', () => processesOf(workspace.home).length === 0);
	const {stdout} = await workspace.raid(['spawns', '--json']);
	const messages = await workspace.raid(['recv', 'general']);

	expect(JSON.parse(stdout).spawns).toMatchObject([{status: 'completed', attempt: 1}]);
	expect(messages.stdout.match(/my answer/g)).toHaveLength(1);
});

test('a supervisor whose store was replaced by one that does not know its agent starts it no more', async () => {
	const {workspace, spawn} = await withReplacedStore((_, path) => {
		const home = join(temporaryFolder(), '.raid');
		const parts = {...platform, cliPath, home, party: [], channel: 'general', runtime: process.execPath};
		createWorkspace({...parts, at: Date.now()}).close();
		writeFileSync(path, readFileSync(join(home, 'raid.db')));
	});
	const log = join(workspace.home, 'logs', spawn.id, 'supervisor.err.log');
	await until('it gives up', () => readFileSync(log, 'utf8').includes('does not know this agent'));
	process.kill(-(spawn.process?.pid ?? 0), 'SIGKILL');
	await until('nothing is left', () => processesOf(workspace.home).length === 0);

	expect(existsSync(join(workspace.home, 'logs', spawn.id, '2.out.jsonl'))).toBe(false);
});
