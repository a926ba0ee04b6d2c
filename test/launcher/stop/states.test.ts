import {execFileSync} from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	openSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {join} from 'node:path';
import {execa} from 'execa';
import {expect, onTestFinished, test} from 'vitest';
import {boundedGraceful} from '../../../src/launcher/stop/kill.ts';
import {signalProcess} from '../../../src/process/signals.ts';
import {findMarked, readEnvironment} from '../../../src/process/table.ts';
import {lastStop, setStopTime} from '../../../src/workspace/stop-file.ts';
import {aWriter} from '../../helpers/locked-store.ts';
import {canUnshare} from '../../helpers/namespaces.ts';
import {until} from '../../helpers/wait.ts';
import {
	aWorkspace,
	cliPath,
	isRunning,
	processesOf,
	type TestWorkspace,
	temporaryFolder,
} from '../../helpers/workspace.ts';

/** A workspace in which an agent works, that would be tried again if it failed. */
async function atWork(): Promise<TestWorkspace> {
	const workspace = aWorkspace({
		agents: {a: [[{say: 'here'}, {spawn: '10m'}, {hang: true}]]},
		config: {graceful: '300ms', retries: 5},
	});
	await workspace.raid(['send', 'general', '@a go']);
	const {id} = await workspace.spawnOf('a', isRunning);
	await until('its child runs', () => (findMarked('RAID_SPAWN_ID').get(id) ?? []).length >= 2);
	return workspace;
}

const agentsOf = (home: string) =>
	processesOf(home).filter(({pid}) => readEnvironment(pid, 'RAID_SPAWN_ID') !== null);

function overwrite(path: string, from: number, size: number): void {
	writeSync(openSync(path, 'r+'), Buffer.alloc(size, 0x5a), 0, size, from);
}

const store = ({home}: TestWorkspace) => join(home, 'raid.db');
const config = ({home}: TestWorkspace) => join(home, 'config.json');

test.each<[string, (workspace: TestWorkspace) => unknown]>([
	['the store is damaged', workspace => overwrite(store(workspace), 0, statSync(store(workspace)).size)],
	['the store is damaged in its middle', workspace => overwrite(store(workspace), 4096, 60_000)],
	[
		'the store is empty',
		workspace => {
			writeFileSync(store(workspace), '');
			rmSync(`${store(workspace)}-wal`, {force: true});
		},
	],
	[
		'the store is a FIFO',
		workspace => {
			rmSync(store(workspace));
			execFileSync('mkfifo', [store(workspace)]);
		},
	],
	[
		'the store was deleted',
		({home}) => {
			for (const name of ['raid.db', 'raid.db-wal', 'raid.db-shm']) rmSync(join(home, name), {force: true});
		},
	],
	['the whole folder was deleted', ({home}) => rmSync(home, {recursive: true, maxRetries: 10})],
	[
		'the store was deleted and made anew',
		async ({home, raid}) => {
			for (const name of ['raid.db', 'raid.db-wal', 'raid.db-shm']) rmSync(join(home, name), {force: true});
			expect((await raid(['init'])).exitCode).toBe(0);
		},
	],
	['another process has the lock of the store', workspace => aWriter(store(workspace))],
	[
		'a process that was stopped has the lock of the store',
		async workspace => process.kill((await aWriter(store(workspace))).pid, 'SIGSTOP'),
	],
	['config.json is broken', workspace => writeFileSync(config(workspace), '{"maxLive": 4,}')],
	[
		'config.json is a FIFO',
		workspace => {
			rmSync(config(workspace));
			execFileSync('mkfifo', [config(workspace)]);
		},
	],
	[
		'config.json cannot be read',
		workspace => {
			rmSync(config(workspace));
			mkdirSync(config(workspace));
		},
	],
	['its supervisor was stopped', ({spawns}) => process.kill(spawns()[0]?.supervisor?.pid ?? 0, 'SIGSTOP')],
	[
		'the file "stop" is a FIFO',
		({home}) => {
			rmSync(join(home, 'stop'));
			execFileSync('mkfifo', [join(home, 'stop')]);
		},
	],
])('everything is stopped, and stays stopped, when %s', async (_, damage) => {
	const workspace = await atWork();
	const {home, raid} = workspace;
	await damage(workspace);
	const {exitCode, stdout} = await raid(['stop', '--all']);

	expect([exitCode, stdout]).toEqual([
		0,
		expect.stringMatching(/^(a|supervisor) #\w{4} was killed \(pid [\d, ]+\)\.$/m),
	]);
	expect(agentsOf(home)).toEqual([]);
	// No supervisor is left that could start it again.
	await until('nothing is left', () => processesOf(home).length === 0);
});

test('a stop that could not be recorded says so, and the next look records it', async () => {
	const workspace = await atWork();
	await workspace.raid(['send', 'general', '@a and this']);
	const writer = await aWriter(store(workspace));
	const {stdout} = await workspace.raid(['stop', '--all']);
	await writer.free();
	await workspace.raid(['cleanup']);
	await workspace.spawnOf('a', ({status}) => status === 'killed');

	expect(stdout).toMatch(/^Ended, but not recorded: .* is kept busy by another process.*$/m);
	expect(stdout).toMatch(/^Nothing starts again by itself/m);
	expect(workspace.spawns()).toMatchObject([{status: 'killed', killedBy: 'human', attempt: 1}]);
	const held = await workspace.raid(['mentions', '--held']);
	expect(held.stdout).toMatch(/@a +general +human +held +stopped/);
});

test('what waited when everything was stopped is held, and starts when it is released', async () => {
	const workspace = aWorkspace({agents: {a: [[{hang: true}]], b: [[{say: 'hello'}]]}, config: {maxLive: 1}});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.spawnOf('a', isRunning);
	await workspace.raid(['send', 'general', '@b go']);
	const writer = await aWriter(store(workspace));
	await workspace.raid(['stop', '--all']);
	await writer.free();
	const cleaned = await workspace.raid(['cleanup']);
	await workspace.spawnOf('a', ({status}) => status === 'killed');

	expect(cleaned.stdout).toMatch(/b #\w{4} waited when everything was stopped: held until you release it/);
	expect(workspace.spawns().map(({agent, status, hold}) => [agent, status, hold])).toEqual([
		['a', 'killed', null],
		['b', 'pending', 'stopped'],
	]);
	await workspace.raid(['release']);
	await workspace.spawnOf('b', ({status}) => status === 'completed');
});

test('what is asked for after a stop starts as ever, also when the clock was set back meanwhile', async () => {
	const workspace = aWorkspace({agents: {a: [[{say: 'hello'}], [{say: 'again'}]]}});
	await workspace.raid(['stop', '--all']);
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.spawnOf('a', ({status}) => status === 'completed');
	// The stop was an hour ahead, by the clock of that time.
	setStopTime(workspace.home, Date.now() + 3_600_000);
	await workspace.raid(['send', 'general', '@a first']);
	await workspace.raid(['cleanup']);
	await workspace.raid(['release']);
	await workspace.rest();

	expect(lastStop(workspace.home, Date.now() + 3_600_000)).toBeLessThanOrEqual(Date.now());
	expect(workspace.spawns().map(({status}) => status)).toEqual(['completed', 'completed']);
});

test('an agent that ignores TERM keeps nobody waiting for longer than half a minute', () => {
	expect(boundedGraceful(10 * 3_600_000)).toBe(30_000);
	expect(boundedGraceful(500)).toBe(500);
});

test('the store replaced by a copy of it under a running supervisor: a stop holds', async () => {
	const workspace = await atWork();
	const {home, opened, raid} = workspace;
	// Read before: this process has the old file open, whose log is that of the copy afterwards.
	const [spawn] = workspace.spawns();
	opened.store.pragma('wal_checkpoint(TRUNCATE)');
	const copy = join(home, 'copy.db');
	opened.store.exec(`VACUUM INTO '${copy}'`);
	renameSync(copy, store(workspace));
	const {exitCode} = await raid(['stop', '--all']);

	expect(exitCode).toBe(0);
	await until('nothing is left', () => processesOf(home).length === 0);
	expect(existsSync(join(home, 'logs', spawn?.id ?? '', '2.out.jsonl'))).toBe(false);
});

test('a stop of one spawn is carried out when it cannot be recorded', async () => {
	const workspace = await atWork();
	const {home, raid} = workspace;
	const [spawn] = workspace.spawns();
	await aWriter(store(workspace));
	const {exitCode, stdout} = await raid(['stop', spawn?.id ?? '']);

	expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^Ended, but not recorded: /m)]);
	expect(agentsOf(home)).toEqual([]);
});

/** Runs a script in a mount namespace of its own, where a disk of 4 MiB is at `disk`. */
function onOwnDisk(script: string) {
	const disk = temporaryFolder();
	onTestFinished(() => {
		for (const entry of processesOf(join(disk, '.raid'))) signalProcess(entry, 'SIGKILL');
	});
	const {RAID_HOME: _, RAID_SPAWN_ID: __, ...env} = process.env;
	return execa(
		'unshare',
		[
			'-rm',
			'sh',
			'-c',
			`mount -t tmpfs -o size=4m none "$0" && cd "$0" || exit 99
			raid() { "$NODE" "$CLI" "$@"; }
			raid init >/dev/null
			raid register f --command "sh -c 'while :; do echo x; sleep 0.1; done'" >/dev/null
			raid send general "@f go" >/dev/null
			until raid spawns --json | grep -q '"pid": [0-9]'; do sleep 0.1; done
			${script}`,
			disk,
		],
		{env: {...env, NODE: process.execPath, CLI: cliPath}, extendEnv: false, reject: false},
	);
}

test.runIf(canUnshare())('everything is stopped when the disk is full', async () => {
	const {stdout} = await onOwnDisk(`
		cat /dev/zero > fill 2>/dev/null
		raid stop --all; echo "code $?"
		raid health; echo "health $?"
		rm fill
		raid cleanup
		raid spawns --json`);

	expect(stdout).toMatch(/f #\w{4} was killed/);
	expect(stdout).toMatch(/^code 0$/m);
	expect(stdout).toMatch(/"status": ?"killed"/);
	expect(stdout).not.toMatch(/All is well/);
});

test.runIf(canUnshare())('everything is stopped when the disk is read-only for the operator', async () => {
	const {stdout} = await onOwnDisk(`
		unshare -m sh -c 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && "$NODE" "$CLI" stop --all; echo "code $?"' "$PWD"`);

	expect(stdout).toMatch(/f #\w{4} was killed/);
	expect(stdout).toMatch(/Ended, but not recorded: /);
	expect(stdout).toMatch(/What waited may start again/);
	expect(stdout).toMatch(/^code 0$/m);
});
