import {chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {minute, second} from '../../../src/model/time.ts';
import {canUnshare} from '../../helpers/namespaces.ts';
import {aSpaceOs, evening, idAt, type SpaceOs} from '../../helpers/space-os.ts';
import {openTerminal} from '../../helpers/terminal.ts';
import {aWorkspace, cliPath} from '../../helpers/workspace.ts';

const zones = ['UTC', 'Australia/Sydney', 'America/New_York'];
const iso = (at: number) => new Date(at).toISOString();
const everyReading = [
	['--once'],
	['--once', '--all', '--json'],
	['spawns'],
	['chain'],
	['health'],
	['recv', 'general'],
	['channels'],
	['agents'],
	['mentions'],
];

/** A space-os with every status, a chain, a circle, an orphan, and ids that share their beginning. */
function aBusySpaceOs(setting: Parameters<typeof aSpaceOs>[0] = {}): SpaceOs {
	const space = aSpaceOs(setting);
	space.addMessage('kaya', '@hailot look at the store');
	const root = space.addSpawn({agent: 'hailot', at: evening + 400});
	const child = space.addSpawn({agent: 'oplot', at: evening + 9 * second, parent: root});
	space.addSpawn({
		agent: 'hailot',
		at: evening + 20 * second,
		parent: child,
		status: 'completed',
		endedAt: evening + 50 * second,
	});
	space.addSpawn({
		agent: 'auger',
		at: evening + 30 * second,
		status: 'failed',
		endedAt: evening + 95 * second,
	});
	space.addSpawn({
		agent: 'auger',
		at: evening + 40 * second,
		status: 'killed',
		endedAt: evening + 41 * second,
	});
	space.addSpawn({
		agent: 'auger',
		at: evening + 50 * second,
		status: 'timeout',
		endedAt: evening + 11 * minute,
	});
	space.addSpawn({agent: 'sentinel', at: evening + 60 * second, status: 'paused'});
	space.addSpawn({agent: 'sentinel', at: evening + 70 * second, status: 'running', pid: 9_999_999});
	space.addSpawn({agent: 'sentinel', at: evening + 80 * second, status: 'pending'});
	const [left, right] = [idAt(evening + 90 * second), idAt(evening + 91 * second)];
	space.addSpawn({id: left, parent: right, at: evening + 90 * second});
	space.addSpawn({id: right, parent: left, at: evening + 91 * second});
	space.addSpawn({agent: 'oplot', at: evening + 100 * second, parent: idAt(evening), channel: null});
	return space;
}

interface SpawnDocument {
	id: string;
	agent: string;
	status: string;
	health: string | null;
	reason: string | null;
	depth: number;
	createdAt: string;
	endedAt: string | null;
	durationMs: number;
}

test('every status is shown for what it means', async () => {
	const {spawns} = await aBusySpaceOs().json(['spawns']);
	expect(
		spawns.map(({agent, status, health, depth}: SpawnDocument) => [agent, status, health, depth].join(' ')),
	).toEqual([
		'hailot completed waiting 0',
		'oplot completed waiting 1',
		'hailot completed  2',
		'auger failed  0',
		'auger killed  0',
		'auger timeout  0',
		'sentinel pending held 0',
		'sentinel running orphan 0',
		'sentinel pending lost 0',
		'hailot completed waiting 0',
		'hailot completed waiting 1',
		'oplot completed waiting 0',
	]);
	expect(spawns[6].reason).toBe('waits for the operator (paused)');
	expect(spawns[7].reason).toBe('process 9999999 is gone');
});

test.each(zones.flatMap(writer => zones.map(reader => [writer, reader] as const)))(
	'written in %s, read in %s: times and durations are true, on both sides of a DST change',
	async (writer, reader) => {
		const space = aSpaceOs({zone: writer});
		const times = [
			Date.UTC(2025, 6, 1, 12),
			Date.UTC(2025, 9, 4, 15, 50),
			Date.UTC(2025, 10, 2, 5, 50),
			Date.UTC(2026, 0, 1),
		];
		for (const at of times) {
			space.addMessage('kaya', '@hailot go', at);
			space.addSpawn({at: at + 300, status: 'failed', endedAt: at + 300 + 95 * second});
		}
		const {spawns, messages} = await space.json(['--once', '--all'], {TZ: reader});

		expect(spawns.map(({createdAt}: SpawnDocument) => createdAt)).toEqual(times.map(at => iso(at + 300)));
		expect(spawns.map(({durationMs}: SpawnDocument) => durationMs)).toEqual(times.map(() => 95 * second));
		expect(messages.map(({at}: {at: string}) => at)).toEqual(times.map(iso));
		expect(messages[0].mentions).toMatchObject([{agent: 'hailot', outcome: 'launched', spawn: spawns[0].id}]);
	},
);

test('a spawn that waits took as long as it gave signs of life', async () => {
	const space = aSpaceOs({zone: 'Australia/Sydney'});
	const talker = space.addSpawn({agent: 'hailot'});
	space.addMessage('hailot', 'done', evening + 7 * second);
	const reader = space.addSpawn({agent: 'oplot'});
	space.addBookmark(reader, evening + 4 * second);
	const {spawns} = await space.json(['spawns']);

	const durations = new Map(spawns.map(({id, durationMs}: SpawnDocument) => [id, durationMs]));
	expect(durations.get(talker)).toBe(7 * second);
	expect(durations.get(reader)).toBe(4 * second);
});

test('spawns whose ids begin alike are told apart, and none is chosen by what they share', async () => {
	const space = aSpaceOs();
	const first = space.addSpawn({id: idAt(evening, 'aaaaaaaaabcd')});
	const second = space.addSpawn({id: idAt(evening + 1, 'bbbbbbbbabcd'), agent: 'oplot'});
	const {stdout} = await space.raid(['spawns']);
	const shared = await space.raid(['chain', first.slice(0, 8)]);

	expect(first.slice(0, 8)).toBe(second.slice(0, 8));
	expect(stdout).toMatch(/^aabcd +hailot/m);
	expect(stdout).toMatch(/^babcd +oplot/m);
	expect(shared.stderr).toMatch(/matches 2 spawns/);
	expect((await space.json(['chain', 'babcd'])).spawns.map(({id}: SpawnDocument) => id)).toEqual([second]);
});

test('a circle of parents, and a parent that is missing, are drawn once each', async () => {
	const {stdout} = await aBusySpaceOs().raid(['chain']);
	expect(stdout.trimEnd().split('\n')).toHaveLength(12);
});

test('a channel shows what became of each mention', async () => {
	const space = aSpaceOs();
	space.addMessage('kaya', '@hailot start');
	const id = space.addSpawn({at: evening + 400});
	space.addBookmark(id, evening + second);
	space.addMessage('kaya', '@hailot status?', evening + 5 * second);
	space.addMessage('kaya', '@oplot too', evening + 6 * second);
	const {stdout} = await space.raid(['recv', 'general']);

	expect(stdout.match(/→ .*/g)).toEqual([
		'→ @hailot launched',
		'→ @hailot dropped (running)',
		'→ @oplot dropped (no spawn came)',
	]);
});

// What the guide tells of the past.
test.each<[string, Parameters<typeof aSpaceOs>[0]]>([
	[
		'before 19 November',
		{
			without: ['bookmarks', 'spawns.parent_spawn_id', 'channels.parent_channel_id'],
			besides: ['spawns.is_ephemeral INTEGER'],
		},
	],
	['before 20 November', {without: ['spawns.parent_spawn_id'], besides: ['spawns.is_ephemeral INTEGER']}],
	['before models could be NULL', {without: ['null models'], besides: ['spawns.is_ephemeral INTEGER']}],
	[
		'before timers',
		{
			without: [
				'channels.timer_expires_at',
				'channels.timer_set_by_message_id',
				'channels.parent_channel_id',
			],
		},
	],
	[
		'with the least there can be',
		{
			without: [
				'bookmarks',
				'sessions',
				'_migrations',
				'null models',
				...[
					'model',
					'constitution',
					'role',
					'spawn_count',
					'created_at',
					'last_active_at',
					'archived_at',
				].map(name => `agents.${name}`),
				...['topic', 'parent_channel_id', 'created_at', 'archived_at', 'pinned_at'].map(
					name => `channels.${name}`,
				),
				...['parent_spawn_id', 'session_id', 'constitution_hash', 'pid', 'created_at', 'ended_at'].map(
					name => `spawns.${name}`,
				),
				'messages.created_at',
			],
		},
	],
	['with tables and columns that nobody knows', {besides: ['spawns.mood TEXT', 'messages.stars INTEGER']}],
])('a database from %s is read, and what is missing is blank', async (_, setting) => {
	const space = aBusySpaceOs(setting);
	for (const args of everyReading) {
		const {stderr, stdout} = await space.raid(args);
		expect([stderr, stdout === '']).toEqual(['', false]);
	}
	const {spawns} = await space.json(['spawns']);
	expect(spawns).toHaveLength(12);
	expect(spawns[0].createdAt).toBe(iso(evening + 400));
});

test('whoever has an empty model is a human', async () => {
	const {agents} = await aSpaceOs({without: ['null models']}).json(['agents']);
	expect(agents.map(({identity}: {identity: string}) => identity)).not.toContain('kaya');
});

test.each(everyReading)(
	'%s leaves the file as it was, byte for byte, and nothing beside it',
	async (...args) => {
		const space = aBusySpaceOs();
		const before = space.trace();
		await space.raid(args);
		expect(space.trace()).toEqual(before);
		expect(before.files).toEqual(['space.db']);
	},
);

test('the same while somebody has it open, and what is only in the WAL is seen', async () => {
	const space = aBusySpaceOs();
	const writer = new Database(space.path);
	writer.prepare(`UPDATE channels SET topic = 'from the WAL'`).run();
	const before = space.trace();
	const {channels} = await space.json(['channels']);

	expect(channels[0].topic).toBe('from the WAL');
	expect(space.trace()).toEqual(before);
	writer.close();
	expect(space.trace().files).toEqual(['space.db']);
});

test('a WAL that a crash left behind is read, and left as it was', async () => {
	const space = aBusySpaceOs();
	const writer = new Database(space.path);
	writer.prepare(`UPDATE channels SET topic = 'from the WAL'`).run();
	const left = aSpaceOs();
	for (const suffix of ['', '-wal']) copyFileSync(space.path + suffix, left.path + suffix);
	writer.close();
	const before = left.trace();

	expect((await left.json(['channels'])).channels[0].topic).toBe('from the WAL');
	expect(left.trace()).toEqual(before);
	expect(before.files).toEqual(['space.db', 'space.db-wal']);
});

test('a database that is not in WAL mode is read in its place', async () => {
	const space = aBusySpaceOs();
	space.write(db => db.pragma('journal_mode = DELETE'));
	const before = space.trace();
	expect((await space.json(['spawns'])).spawns).toHaveLength(12);
	expect(space.trace()).toEqual(before);
});

test.runIf(canUnshare()).each([false, true])(
	'a read-only file system is enough (somebody else writes at the same time: %s)',
	async isWritten => {
		const space = aBusySpaceOs();
		const writer = isWritten ? new Database(space.path) : null;
		writer?.prepare(`UPDATE channels SET topic = 'new'`).run();
		const script = `mount --bind "$HOME" "$HOME" && mount -o remount,bind,ro "$HOME" && ! touch "$HOME/x" 2>/dev/null && exec "$0" "$1" channels --json`;
		const {stdout, stderr} = await execa('unshare', ['-rm', 'sh', '-c', script, process.execPath, cliPath], {
			cwd: '/',
			env: space.env,
			extendEnv: false,
			reject: false,
		});
		writer?.close();

		expect(stderr).toBe('');
		expect(JSON.parse(stdout).channels[0].topic).toBe(isWritten ? 'new' : null);
	},
);

test.runIf(process.getuid?.() !== 0)('a folder that may not be written is enough', async () => {
	const space = aBusySpaceOs();
	chmodSync(join(space.home, '.space'), 0o500);
	chmodSync(space.path, 0o400);
	expect((await space.json(['spawns'])).spawns).toHaveLength(12);
	chmodSync(join(space.home, '.space'), 0o700);
});

test('it is found by itself where there is no workspace, and the status line says so', async () => {
	const space = aBusySpaceOs();
	const {stdout} = await space.raid(['--once']);
	expect(stdout.split('\n')[0]).toMatch(
		/^space-os ~\/\.space\/space\.db \(read only\) {2}0 live .* 1 orphan/,
	);

	mkdirSync(join(space.home, 'project'));
	await execa(process.execPath, [cliPath, 'init'], {
		cwd: join(space.home, 'project'),
		env: space.env,
		extendEnv: false,
	});
	const own = await execa(process.execPath, [cliPath, '--once'], {
		cwd: join(space.home, 'project'),
		env: space.env,
		extendEnv: false,
	});
	expect(own.stdout).toMatch(/^raid project/);
});

test('--db opens what it names: a space-os, or the workspace of a store of ours', async () => {
	const {directory, home, raid} = aWorkspace();
	const space = aBusySpaceOs();
	const other = await raid(['--once', '--json', '--db', space.path]);
	const own = await raid(['--once', '--json', '--db', '.raid/raid.db']);
	copyFileSync(join(home, 'raid.db'), join(directory, 'copy.db'));
	const copy = await raid(['--once', '--db', 'copy.db']);

	expect(JSON.parse(other.stdout)).toMatchObject({system: 'space-os', db: space.path});
	expect(JSON.parse(own.stdout)).toMatchObject({system: 'raidwatch', home});
	expect([copy.exitCode, copy.stderr]).toEqual([2, expect.stringMatching(/is not in a workspace. .*--home/)]);
});

test.each<[string, (path: string) => void, number, RegExp]>([
	['no file', () => {}, 3, /There is no file/],
	['a folder', path => mkdirSync(path), 4, /cannot be read/],
	['a text', path => writeFileSync(path, 'hello '.repeat(1000)), 4, /is not an SQLite database/],
	['an empty file', path => writeFileSync(path, ''), 4, /is not a store that raid knows/],
	[
		'a database of others',
		path => new Database(path).exec('CREATE TABLE spawns (id, mood)').close(),
		4,
		/is not a store that raid knows. A raidwatch store has the table raid_migrations; a space-os has agents, channels, messages, spawns, but this file lacks agents\.agent_id, .* and \d more/,
	],
])('--db with %s is refused in one line', async (_, make, code, message) => {
	const space = aSpaceOs();
	const path = join(space.home, 'other.db');
	make(path);
	const {exitCode, stderr, stdout} = await space.raid(['--once', '--db', path]);

	expect([exitCode, stdout]).toEqual([code, '']);
	expect(stderr).toMatch(message);
	expect(stderr.trimEnd().split('\n')).toHaveLength(1);
	expect(existsSync(`${path}-wal`) || existsSync(`${path}-shm`)).toBe(false);
});

test.each<[readonly string[], RegExp]>([
	[['send', 'general', 'hi'], /bridge send CHANNEL MESSAGE --as HUMAN/],
	[['stop', 'abcd'], /spawn stop ID/],
	[['stop', '--all'], /spawn stop ID/],
	[['cleanup'], /spawn cleanup/],
	[['register', 'x', '--model', 'opus'], /spawn --help/],
	[['channels', 'create', 'x'], /bridge --help/],
	[['hold'], /cannot hold/],
	[['release'], /Nothing is ever held/],
	[['drop', '--all'], /Nothing is ever held/],
])('raid %s would write: it names what does that there', async (args, own) => {
	const space = aSpaceOs();
	const before = space.trace();
	const {exitCode, stderr, stdout} = await space.raid(args);

	expect([exitCode, stdout]).toEqual([2, '']);
	expect(stderr).toMatch(/space\.db is a space-os: raid only reads it\./);
	expect(stderr).toMatch(own);
	expect(space.trace()).toEqual(before);
});

test('recv follows what comes', async () => {
	const space = aSpaceOs();
	space.addMessage('kaya', 'first');
	const followed = execa(process.execPath, [cliPath, 'recv', 'general', '--follow'], {
		cwd: space.home,
		env: space.env,
		extendEnv: false,
		reject: false,
	});
	const lines = followed[Symbol.asyncIterator]();
	expect((await lines.next()).value).toMatch(/kaya: first$/);
	space.addMessage('kaya', 'second', evening + second);
	expect((await lines.next()).value).toMatch(/kaya: second$/);
	followed.kill();
	await followed;
});

test('the dashboard shows what changes, and leaves no trace', async () => {
	const space = aBusySpaceOs();
	const before = space.trace();
	const terminal = openTerminal([], {cwd: space.home, env: space.env});
	await terminal.shows(/space-os ~\/.space\/space.db \(read only\)/);
	await terminal.shows(/orphan +9999999/);
	expect(space.trace()).toEqual(before);
	space.addMessage('kaya', 'hello from outside', evening + minute);
	await terminal.shows('hello from outside');
	terminal.press('q');
	expect((await terminal.ended()).exitCode).toBe(0);
	expect(space.trace().files).toEqual(['space.db']);
});

test('what agents wrote reaches no terminal as it is', async () => {
	const space = aSpaceOs();
	const hostile = '\u001b]0;x\u0007\u001b[2J@hailot\u202e';
	space.addAgent(`e${hostile}`, 'm');
	space.addChannel(`c${hostile}`);
	space.addMessage(`e${hostile}`, hostile, evening, `c${hostile}`);
	space.addSpawn({agent: `e${hostile}`, channel: `c${hostile}`, status: hostile});
	for (const args of [...everyReading, ['recv', `c${hostile}`]]) {
		if (args.includes('--json')) continue;
		expect((await space.raid(args)).stdout).not.toMatch(/[\u001b\u0007\u202e]/);
	}
});
