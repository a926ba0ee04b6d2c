import {chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {execa} from 'execa';
import {expect, onTestFinished, test} from 'vitest';
import {defaultLaunch} from '../../src/model/agent.ts';
import {findAgent} from '../../src/store/agents.ts';
import {openStore} from '../../src/store/open.ts';
import {migrations} from '../../src/store/schema.ts';
import {findSpawn} from '../../src/store/spawns.ts';
import {canUnshare} from '../helpers/namespaces.ts';
import {aWorkspace, cliPath} from '../helpers/workspace.ts';

const machine = 'this-machine';

function aFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'raid-test-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
}

test('only the owner can read the workspace', () => {
	const {home} = aWorkspace();
	const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

	expect([mode(home), mode(join(home, 'raid.db')), mode(join(home, 'logs'))]).toEqual(['700', '600', '700']);
	expect(readFileSync(join(home, '.gitignore'), 'utf8')).toBe('*\n');
});

test('the schema is recorded in a table of ours; user_version stays as it was', () => {
	const path = join(aFolder(), 'raid.db');
	const store = openStore(path, {machine, isNew: true});
	store.pragma('user_version = 77');
	store.close();
	const again = openStore(path, {machine});

	expect(again.pragma('user_version', {simple: true})).toBe(77);
	expect(again.pragma('journal_mode', {simple: true})).toBe('wal');
	expect(again.pragma('foreign_keys', {simple: true})).toBe(1);
	expect(again.prepare('SELECT name FROM raid_migrations').pluck().all()).toEqual([
		'001-foundation',
		'002-real-agents',
		'003-log',
		'004-boundaries',
	]);
	again.close();
});

test('a store that was read-only for a moment can be written again', async () => {
	const {home, raid} = aWorkspace();
	const index = join(home, 'raid.db-shm');
	// As SQLite makes it while the database has that mode.
	chmodSync(index, 0o400);
	const {exitCode} = await raid(['channels', 'create', 'review']);

	expect(exitCode).toBe(0);
	expect(statSync(index).mode & 0o777).toBe(0o600);
});

test('a store of the first version is brought up to date, and keeps what is in it', () => {
	const path = join(aFolder(), 'raid.db');
	const old = new Database(path);
	const [foundation] = migrations;
	const now = '2026-01-01T12:00:00.000Z';
	old.exec(`
		${foundation?.sql}
		CREATE TABLE raid_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL);
		INSERT INTO raid_migrations VALUES ('001-foundation', '${now}');
		INSERT INTO agents (agent_id, identity, model, created_at) VALUES ('a', 'echo', 'default', '${now}');
		INSERT INTO raid_agents VALUES ('a', 'command', '["cat", "-n"]');
		INSERT INTO channels (channel_id, name, created_at) VALUES ('c', 'general', '${now}');
		INSERT INTO spawns (id, agent_id, channel_id, status, created_at) VALUES ('s', 'a', 'c', 'completed', '${now}');
		INSERT INTO raid_spawns (spawn_id, host, boot, provider, tokens_in, tokens_out) VALUES ('s', 'h', 'b', 'command', 7, 9);
		INSERT INTO raid_attempts (spawn_id, attempt, started_at) VALUES ('s', 1, '${now}'), ('s', 2, '${now}');
	`);
	old.close();
	const store = openStore(path, {machine});

	expect(findAgent(store, 'echo')?.launch).toEqual({...defaultLaunch, command: ['cat', '-n']});
	expect(findSpawn(store, 's')).toMatchObject({
		attempt: 2,
		tokensIn: 7,
		tokensOut: 9,
		costUsd: null,
		retry: null,
	});
	store.close();
});

test.each<[string, (path: string) => void, RegExp]>([
	[
		'no SQLite database',
		path => writeFileSync(path, 'just some text, longer than a header of SQLite'.repeat(99)),
		/is not an SQLite database/,
	],
	['an empty file', path => writeFileSync(path, ''), /is not a raidwatch store/],
	[
		'a database of another program',
		path => new Database(path).exec('CREATE TABLE t (x)').close(),
		/is not a raidwatch store/,
	],
	[
		'a store of a newer raidwatch',
		path => {
			const store = openStore(path, {machine, isNew: true});
			store.prepare(`INSERT INTO raid_migrations VALUES ('999-future', '')`).run();
			store.close();
		},
		/newer raidwatch \(999-future\)/,
	],
])('%s: one line, exit 4, and the file stays as it is', async (_, write, message) => {
	const home = join(aFolder(), '.raid');
	mkdirSync(home);
	const path = join(home, 'raid.db');
	write(path);
	const before = readFileSync(path);
	const {exitCode, stderr, stdout} = await execa(process.execPath, [cliPath, 'spawns', '--home', home], {
		reject: false,
	});

	expect(stderr).toMatch(message);
	expect(stderr.split('\n')).toHaveLength(1);
	expect([exitCode, stdout]).toEqual([4, '']);
	expect(readFileSync(path).equals(before)).toBe(true);
});

// As root every mode is writable, so the disk itself must be read-only.
test.runIf(canUnshare())('a read-only disk: one line, exit 4', async () => {
	const {home, opened, raid} = aWorkspace();
	await raid(['send', 'general', 'before']);
	opened.store.pragma('wal_checkpoint(TRUNCATE)');
	const script = `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$1" "$2" send general after --home "$0"`;
	const {exitCode, stderr} = await execa(
		'unshare',
		['-rm', 'sh', '-c', script, home, process.execPath, cliPath],
		{reject: false},
	);

	expect(stderr).toMatch(/^raid: [^\n]*(readonly|read-only|cannot be)[^\n]*$/i);
	expect(exitCode).toBe(4);
});
