import {spawn} from 'node:child_process';
import {appendFileSync, mkdirSync, utimesSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import {minute, second} from '../../../src/model/time.ts';
import {readProcess} from '../../../src/process/table.ts';
import {aSpaceOs, idAt, type SpaceOs} from '../../helpers/space-os.ts';
import {until} from '../../helpers/wait.ts';

/** A process of this test's space-os, with a spawn's marker or without. */
async function aProcess(
	{env}: SpaceOs,
	marker: string | null,
	program = 'sleep',
	args: readonly string[] = ['600'],
) {
	const marked = marker === null ? {} : {SPACE_SPAWN_ID: marker};
	const child = spawn(program, args, {env: {...env, ...marked}, stdio: 'ignore'});
	const pid = child.pid ?? 0;
	await until('it runs', () => readProcess(pid));
	return {pid, end: () => child.kill('SIGKILL')};
}

/** Something that looks like the process that runs a spawn. */
function aRunner(space: SpaceOs, marker: string | null, words: readonly string[]) {
	const waits = ['-e', 'setInterval(() => {}, 1000)', '--', '/opt/bin/spawn', 'run', ...words];
	return aProcess(space, marker, process.execPath, waits);
}

const only = async (space: SpaceOs) => (await space.json(['spawns'])).spawns[0];

test('a running spawn with its process works', async () => {
	const space = aSpaceOs({zone: 'Australia/Sydney'});
	const id = idAt(Date.now());
	const {pid} = await aProcess(space, id);
	space.addSpawn({id, at: Date.now(), status: 'running', pid});

	expect(await only(space)).toMatchObject({status: 'running', health: 'working', reason: null, pid});
});

test('a spawn that is used again after hours is as old as its process, not as its record', async () => {
	const space = aSpaceOs();
	const at = Date.now() - 300 * minute;
	const id = idAt(at);
	const {pid} = await aProcess(space, id);
	space.addSpawn({id, at, status: 'running', pid});
	const {health, durationMs} = await only(space);

	expect(health).toBe('working');
	expect(durationMs).toBeLessThan(10 * minute);
});

test('a PID that is gone is an orphan', async () => {
	const space = aSpaceOs();
	const id = idAt(Date.now());
	const {pid, end} = await aProcess(space, id);
	space.addSpawn({id, at: Date.now(), status: 'running', pid});
	end();
	await until('it is gone', () => readProcess(pid) === null);

	expect(await only(space)).toMatchObject({health: 'orphan', reason: `process ${pid} is gone`});
	const {stdout, exitCode} = await space.raid(['health']);
	expect(stdout).toMatch(/orphan.*spawn cleanup/);
	expect(exitCode).toBe(1);
});

test('a PID that is now somebody else’s is an orphan, with the evidence', async () => {
	const space = aSpaceOs();
	const other = idAt(Date.now());
	const [unmarked, marked] = [await aProcess(space, null), await aProcess(space, other)];
	space.addSpawn({at: Date.now(), status: 'running', pid: unmarked.pid});
	space.addSpawn({at: Date.now(), agent: 'oplot', status: 'running', pid: marked.pid});
	const {spawns} = await space.json(['spawns']);

	expect(spawns.map(({health, reason}: {health: string; reason: string}) => [health, reason])).toEqual([
		['orphan', `PID ${unmarked.pid} is another process now: it has no SPACE_SPAWN_ID`],
		['orphan', `PID ${marked.pid} is another process now: it belongs to the spawn ${other}`],
	]);
});

test.each(['killed', 'failed', 'active'])(
	'a spawn that is %s by its record, but runs, is a stray',
	async status => {
		const space = aSpaceOs();
		// It ended some time ago: a process that has just ended may be on its way out.
		const at = Date.now() - minute;
		const id = idAt(at);
		const {pid} = await aProcess(space, id);
		space.addSpawn({id, at, status, pid, endedAt: status === 'active' ? null : at});

		expect(await only(space)).toMatchObject({
			health: 'stray',
			reason: `has ended, but PID ${pid} still runs`,
		});
		expect((await space.raid(['health'])).stdout).toMatch(/stray.*kill PID/);
	},
);

test('the runner of a child carries its parent’s marker, and is no stray of it', async () => {
	const space = aSpaceOs();
	const id = idAt(Date.now());
	await aRunner(space, id, ['oplot', 'go']);
	space.addSpawn({id, at: Date.now(), status: 'active'});

	expect(await only(space)).toMatchObject({health: 'waiting'});
});

test('between two tries a spawn is no orphan: its runner lives', async () => {
	const space = aSpaceOs();
	const id = space.addSpawn({at: Date.now(), status: 'running', pid: 9_999_999});
	expect((await only(space)).health).toBe('orphan');
	const channel = space.write(db => db.prepare('SELECT channel_id FROM channels').pluck().get()) as string;
	await aRunner(space, null, ['oplot', 'go', '--channel', channel]);
	expect((await only(space)).health).toBe('orphan');
	await aRunner(space, null, ['hailot', 'go', '--channel', channel]);
	expect(await only(space)).toMatchObject({id, health: 'starting'});
});

/** A running spawn of half an hour, as far as its record tells, with its session file in `path`. */
async function aTalker(agent: string, path: string, text: string) {
	const space = aSpaceOs();
	const at = Date.now() - minute;
	const id = idAt(at);
	const {pid} = await aProcess(space, id);
	space.addSpawn({id, agent, at, status: 'running', pid});
	const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
	const file = join(
		space.home,
		path.replace('CWD', `${space.home}/.space/spawns/${agent}`.replace(/[/.]/g, '-')).replace('DAY', day),
	);
	mkdirSync(dirname(file), {recursive: true});
	writeFileSync(file, `{}\n${text.replace('MARK', `spawn_marker: ${id.slice(-8)}`)}\n`);
	return {space, file};
}

test.each([
	['hailot', '.claude/projects/CWD/54991b9c.jsonl'],
	['auger', '.codex/sessions/DAY/rollout-2025-54991b9c.jsonl'],
	['sentinel', '.gemini/tmp/project/chats/session-2025-54991b9c.json'],
])('the session of %s, found by its marker, tells when it last printed', async (agent, path) => {
	const {space, file} = await aTalker(agent, path, '{"text":"MARK\\nYou are …"}');
	const later = new Date(Math.ceil(Date.now() / 1000) * 1000 + 5 * second);
	utimesSync(file, later, later);

	expect(await only(space)).toMatchObject({health: 'working', lastOutputAt: later.toISOString()});
});

test('a session of somebody else tells nothing, and without one no stall is made up', async () => {
	const {space, file} = await aTalker(
		'hailot',
		'.claude/projects/CWD/54991b9c.jsonl',
		'{"text":"spawn_marker: ffffffff"}',
	);
	appendFileSync(file, '{}\n');

	expect(await only(space)).toMatchObject({health: 'working', reason: null, lastOutputAt: null});
});
