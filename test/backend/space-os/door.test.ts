import {copyFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {readProcess} from '../../../src/process/table.ts';
import {aSpaceOs, idAt, processesOf, type SpaceOs, standIns} from '../../helpers/space-os.ts';
import {openTerminal} from '../../helpers/terminal.ts';
import {until} from '../../helpers/wait.ts';

const enter = '\r';

/** The dashboard of a space-os whose commands are on PATH. */
async function aDashboard(space: SpaceOs, more: NodeJS.ProcessEnv = {}) {
	const PATH = [standIns, space.env.PATH].join(delimiter);
	const terminal = openTerminal(['--channel', 'general'], {
		cwd: space.home,
		env: {...space.env, PATH, ...more},
		columns: 160,
	});
	await terminal.shows('#general');
	await terminal.shows('quit');
	return terminal;
}

const messagesOf = (space: SpaceOs) =>
	space.write(db => db.prepare('SELECT content FROM messages ORDER BY rowid').pluck().all());

const spawnOf = (space: SpaceOs) =>
	until('a spawn with its process', () =>
		space.write(db =>
			db.prepare<[], {id: string; pid: number; status: string}>('SELECT * FROM spawns WHERE pid > 0').get(),
		),
	);

test('a message goes through bridge send, and what became of it is read back', async () => {
	const space = aSpaceOs({zone: 'UTC'});
	const terminal = await aDashboard(space);
	const text = `"it's" \`id\` $(id) @hailot`;
	terminal.press(`m${text}${enter}`);
	await terminal.shows(/Posted: @hailot launched #\w{4}/);
	await terminal.shows(/▸● hailot #\w{4} +working/);

	expect(messagesOf(space)).toEqual([text]);
	terminal.press(`m@hailot are you there?${enter}`);
	await terminal.shows(/@hailot are you there\?/);
	// An agent that works there is deaf, and nobody is told: but here.
	await terminal.shows(/→ @hailot dropped \(running\)/);
});

test('a stop goes through spawn stop with the whole id, and that it runs again is told', async () => {
	const space = aSpaceOs();
	const terminal = await aDashboard(space);
	terminal.press(`m@hailot go${enter}`);
	await terminal.shows(/▸● hailot #\w{4} +working/);
	const {id, pid} = await spawnOf(space);
	terminal.press('x');
	await terminal.shows(/Kill hailot #\w{4}\?/);
	terminal.press('y');
	const told = await terminal.shows(/hailot #\w{4} was stopped, but it runs again as PID \d+\./);
	const again = Number(/PID (\d+)/.exec(told)?.[1]);

	expect(again).not.toBe(pid);
	expect(readProcess(again)).not.toBeNull();
	expect(await spawnOf(space)).toMatchObject({id, status: 'killed'});
	await terminal.shows(/‼ hailot #\w{4} +stray/);
	await terminal.shows(/has ended, but PIDs? \d+/);
});

test('a stop that helps is told as such', async () => {
	const space = aSpaceOs();
	const terminal = await aDashboard(space, {STAND_IN_TRIES: '1'});
	terminal.press(`m@hailot go${enter}`);
	await terminal.shows(/▸● hailot #\w{4} +working/);
	const {pid} = await spawnOf(space);
	terminal.press('x');
	await terminal.shows(/Kill hailot/);
	terminal.press('y');
	await terminal.shows(new RegExp(`hailot #\\w{4} was killed \\(pid ${pid}\\)`));
	await until('nothing is left', () => readProcess(pid) === null);
});

test('an idle spawn, and one whose PID is another process, are never stopped', async () => {
	const space = aSpaceOs();
	const bystander = execa('sleep', ['600'], {env: {...space.env}, extendEnv: false, reject: false});
	space.addSpawn({agent: 'oplot', status: 'active', pid: bystander.pid ?? 0});
	const terminal = await aDashboard(space);
	terminal.press('x');
	await terminal.shows('No process of this spawn runs: it waits.');
	space.addSpawn({
		id: idAt(Date.now()),
		at: Date.now(),
		agent: 'auger',
		status: 'running',
		pid: bystander.pid ?? 0,
	});
	await terminal.shows(/‼ auger #\w{4} +orphan/);
	terminal.press('G');
	terminal.press('x');
	await terminal.shows(/Kill auger/);
	terminal.press('y');
	await terminal.shows(
		/Not stopped: PID \d+ is another process now: it has no SPACE_SPAWN_ID\. Try: spawn cleanup/,
	);

	expect(readProcess(bystander.pid ?? 0)).not.toBeNull();
	bystander.kill();
	await bystander;
});

test.each([
	['-rf @hailot', 'space-os loses a message that begins with "-"'],
	[
		'/timer 30m @hailot',
		'space-os has not stored the message .bridge send ended with 0.. It said: Error: FOREIGN KEY',
	],
])('the message %s, which would be lost there, is not lost here', async (text, problem) => {
	const space = aSpaceOs();
	const terminal = await aDashboard(space);
	terminal.press(`m${text}${enter}`);
	await terminal.shows(new RegExp(problem));
	expect(messagesOf(space)).toEqual([]);
	// What was written is still there, to be changed.
	terminal.press('m');
	await terminal.shows(`> ${text}`);
});

test('without its commands the keys are off, and say why', async () => {
	const space = aSpaceOs();
	space.addSpawn({agent: 'oplot', status: 'active'});
	const terminal = await aDashboard(space, {PATH: space.env.PATH});
	await terminal.shows('(@ mention)(x kill)(m message) c channel (h hold)');
	for (const [key, why] of [
		['m', 'The "bridge" of space-os is not on PATH; RAID_BRIDGE may name it.'],
		['x', 'The "spawn" of space-os is not on PATH; RAID_SPAWN may name it.'],
		['h', 'space-os cannot hold anything.'],
	] as const) {
		terminal.press(key);
		await terminal.shows(why);
	}
	terminal.press('\u001b[200~pasted\u001b[201~');
	await terminal.shows('The "bridge" of space-os is not on PATH');
});

test('a program of the same name that is none of space-os’s is not taken for it', async () => {
	const space = aSpaceOs();
	// As the `bridge` of Linux's network tools, a binary.
	copyFileSync('/bin/true', join(space.home, 'bridge'));
	const terminal = await aDashboard(space, {PATH: [space.home, space.env.PATH].join(delimiter)});
	terminal.press('m');
	await terminal.shows('The "bridge" of space-os is not on PATH');
});

test('the commands may be named, and who speaks', async () => {
	const space = aSpaceOs();
	space.addAgent('mira', null, Date.UTC(2025, 0));
	const terminal = await aDashboard(space, {
		PATH: space.env.PATH,
		RAID_BRIDGE: join(standIns, 'bridge'),
		RAID_HUMAN: 'mira',
	});
	terminal.press(`mhello${enter}`);
	await terminal.shows('Posted.');
	await terminal.shows(/\d mira/);
});

test('another database than the one that its commands work on is only read', async () => {
	const space = aSpaceOs();
	const copy = join(space.home, 'copy.db');
	copyFileSync(space.path, copy);
	const terminal = openTerminal(['--db', copy], {
		cwd: space.home,
		env: {...space.env, PATH: [standIns, space.env.PATH].join(delimiter)},
	});
	await terminal.shows('#general');
	terminal.press('m');
	await terminal.shows(
		/~\/copy.db is not the database that bridge and spawn work on \(~\/.space\/space.db\)/,
	);
	expect(processesOf(space.home).length).toBeGreaterThan(0);
});
