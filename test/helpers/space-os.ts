import {createHash} from 'node:crypto';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, dirname, join, resolve} from 'node:path';
import Database from 'better-sqlite3';
import {execa} from 'execa';
import {onTestFinished} from 'vitest';
import {signalProcess} from '../../src/process/signals.ts';
import {findMarked} from '../../src/process/table.ts';
import {cliPath} from './workspace.ts';

/** Stand-ins for the commands of space-os. */
export const standIns = resolve(import.meta.dirname, '../../fixtures/space-os');

// The tables as the guide describes them, in our own words; `parts` says what an older one did not have yet.
const tables: Readonly<Record<string, readonly string[]>> = {
	agents: [
		'agent_id TEXT PRIMARY KEY',
		'identity TEXT NOT NULL UNIQUE',
		'model TEXT',
		'constitution TEXT',
		'role TEXT',
		'spawn_count INTEGER NOT NULL DEFAULT 0',
		'created_at TEXT NOT NULL',
		'last_active_at TEXT',
		'archived_at TEXT',
	],
	channels: [
		'channel_id TEXT PRIMARY KEY',
		'name TEXT NOT NULL UNIQUE',
		'topic TEXT',
		'parent_channel_id TEXT',
		'created_at TEXT NOT NULL',
		'archived_at TEXT',
		'pinned_at TEXT',
		'timer_expires_at TEXT',
		'timer_set_by_message_id TEXT',
	],
	spawns: [
		'id TEXT PRIMARY KEY',
		'agent_id TEXT NOT NULL',
		'parent_spawn_id TEXT',
		'session_id TEXT',
		'channel_id TEXT',
		'constitution_hash TEXT',
		`status TEXT NOT NULL DEFAULT 'pending'`,
		'pid INTEGER',
		'created_at TEXT NOT NULL',
		'ended_at TEXT',
	],
	messages: [
		'message_id TEXT PRIMARY KEY',
		'channel_id TEXT NOT NULL',
		'agent_id TEXT NOT NULL',
		'content TEXT NOT NULL',
		'created_at TEXT NOT NULL',
	],
	bookmarks: [
		'reader_id TEXT',
		'channel_id TEXT',
		'last_read_id TEXT',
		'updated_at TEXT',
		'PRIMARY KEY (reader_id, channel_id)',
	],
	sessions: [
		'session_id TEXT PRIMARY KEY',
		'agent_id TEXT',
		'provider TEXT NOT NULL',
		'model TEXT NOT NULL',
		'input_tokens INTEGER',
		'output_tokens INTEGER',
		'first_message_at TEXT',
		'last_message_at TEXT',
	],
	_migrations: ['name TEXT PRIMARY KEY'],
};

/** What an installation is like. */
export interface Setting {
	/** The writer's zone. */
	readonly zone?: string;
	/** Tables, and columns as `table.column`, that are not there yet. */
	readonly without?: readonly string[];
	/** Columns that are not there any more, as `table.column TYPE`. */
	readonly besides?: readonly string[];
}

/** One row of spawns, times as instants. */
export interface SpawnParts {
	readonly id?: string;
	readonly agent?: string;
	readonly parent?: string | null;
	readonly channel?: string | null;
	readonly status?: string;
	readonly pid?: number | null;
	readonly session?: string | null;
	readonly at?: number;
	readonly endedAt?: number | null;
}

/** An instant that tests count from. */
export const evening = Date.UTC(2025, 10, 30, 20);

let count = 0;

/** A UUIDv7 of an instant. `end` is its last part; else it is like no other. */
export function idAt(at: number, end?: string): string {
	count += 1;
	const time = at.toString(16).padStart(12, '0');
	return `${time.slice(0, 8)}-${time.slice(8)}-7${String(count % 1000).padStart(3, '0')}-8000-${end ?? count.toString(16).padStart(12, '0')}`;
}

/** A time without a zone, as space-os writes it: the clock on the wall of `zone`. */
export function wallTime(at: number, zone: string, digits: 3 | 6 = 6): string {
	const form = new Intl.DateTimeFormat('sv-SE', {timeZone: zone, dateStyle: 'short', timeStyle: 'medium'});
	const fraction = String(((at % 1000) + 1000) % 1000).padStart(3, '0');
	return `${form.format(at).replace(' ', 'T')}.${fraction.padEnd(digits, '0')}`;
}

export type SpaceOs = ReturnType<typeof aSpaceOs>;

/** A space-os of its own in a home of its own, with agents and a channel; all is gone when the test is finished. */
export function aSpaceOs({zone = 'UTC', without = [], besides = []}: Setting = {}) {
	const home = realpathSync(mkdtempSync(join(tmpdir(), 'raid-space-')));
	const path = join(home, '.space', 'space.db');
	mkdirSync(dirname(path));
	const {RAID_HOME: _, RAID_SPAWN_ID: __, SPACE_SPAWN_ID: ___, ...inherited} = process.env;
	const env: NodeJS.ProcessEnv = {
		...inherited,
		HOME: home,
		TZ: 'UTC',
		PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
		RAID_TEST_SPACE: home,
	};
	const write = <T>(change: (db: Database.Database) => T): T => {
		const db = new Database(path);
		try {
			db.pragma('journal_mode = WAL');
			return change(db);
		} finally {
			db.close();
		}
	};
	const insert = (table: string, row: Readonly<Record<string, unknown>>) => {
		const known = Object.entries(row).filter(([column]) => !without.includes(`${table}.${column}`));
		const names = known.map(([column]) => column);
		const query = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
		if (!without.includes(table)) write(db => db.prepare(query).run(...known.map(([, value]) => value)));
	};
	const idOf = (table: string, column: string, name: string, key: string) =>
		write(db =>
			db.prepare<[string], string>(`SELECT ${column} FROM ${table} WHERE ${key} = ?`).pluck().get(name),
		) ?? name;
	write(db => db.exec(ddl(without, besides)));
	insert('_migrations', {name: '001_foundation'});
	const space = {
		home,
		path,
		env,
		zone,
		write,
		insert,
		addAgent: (identity: string, model: string | null, at = evening) =>
			insert('agents', {
				agent_id: idAt(at),
				identity,
				model,
				created_at: wallTime(at, zone),
				last_active_at: wallTime(at, zone),
			}),
		addChannel: (name: string, at = evening) =>
			insert('channels', {channel_id: idAt(at), name, created_at: wallTime(at, 'UTC', 3)}),
		addMessage(from: string, content: string, at = evening, channel = 'general') {
			const id = idAt(at);
			insert('messages', {
				message_id: id,
				channel_id: idOf('channels', 'channel_id', channel, 'name'),
				agent_id: idOf('agents', 'agent_id', from, 'identity'),
				content,
				created_at: wallTime(at, 'UTC', 3),
			});
			return id;
		},
		addSpawn(parts: SpawnParts = {}) {
			const {
				at = evening,
				id = idAt(at),
				agent = 'hailot',
				status = 'active',
				pid = null,
				endedAt = null,
			} = parts;
			const channel = parts.channel === undefined ? 'general' : parts.channel;
			insert('spawns', {
				id,
				agent_id: idOf('agents', 'agent_id', agent, 'identity'),
				parent_spawn_id: parts.parent ?? null,
				session_id: parts.session ?? null,
				channel_id: channel === null ? null : idOf('channels', 'channel_id', channel, 'name'),
				status,
				pid,
				created_at: wallTime(at, zone),
				ended_at: endedAt === null ? null : wallTime(endedAt, zone),
			});
			return id;
		},
		/** What the spawn last read of its channel, and when. */
		addBookmark: (spawnId: string, at: number) =>
			insert('bookmarks', {
				reader_id: spawnId,
				channel_id: 'c',
				last_read_id: 'm',
				updated_at: wallTime(at, zone),
			}),
		/** The files of the database, and what is in it. */
		trace: () => ({
			files: readdirSync(dirname(path)).filter(name => name.startsWith('space.db')),
			sum: createHash('sha256').update(readFileSync(path)).digest('hex'),
		}),
		/** Runs the real CLI where nothing but the space-os is to be found. */
		raid: (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
			execa(process.execPath, [cliPath, ...args], {
				cwd: home,
				reject: false,
				extendEnv: false,
				stdin: 'ignore',
				env: {...env, ...more},
			}),
		/** The document of a command. */
		async json(args: readonly string[], more: NodeJS.ProcessEnv = {}) {
			const {stdout, stderr} = await space.raid([...args, '--json'], more);
			if (stdout === '') throw new Error(stderr);
			return JSON.parse(stdout);
		},
	};
	for (const [identity, model] of [
		['kaya', null],
		['hailot', 'claude-haiku'],
		['oplot', 'claude-opus'],
		['auger', 'gpt-5'],
		['sentinel', 'gemini-3'],
	] as const) {
		space.addAgent(identity, without.includes('null models') ? (model ?? '') : model, evening - 60_000);
	}
	space.addChannel('general', evening - 60_000);
	onTestFinished(() => {
		endProcessesOf(home);
		rmSync(home, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
	});
	return space;
}

function ddl(without: readonly string[], besides: readonly string[]): string {
	return Object.entries(tables)
		.filter(([table]) => !without.includes(table))
		.map(([table, columns]) => {
			const kept = columns.filter(column => !without.includes(`${table}.${column.split(' ')[0]}`));
			const added = besides
				.filter(column => column.startsWith(`${table}.`))
				.map(column => column.slice(table.length + 1));
			return `CREATE TABLE ${table} (${[...added, ...kept].join(', ')});`;
		})
		.join('\n');
}

/** Every living process of a test's space-os: all carry its home in their environment. */
export function processesOf(home: string) {
	return findMarked('RAID_TEST_SPACE').get(home) ?? [];
}

function endProcessesOf(home: string): void {
	for (let left = processesOf(home); left.length > 0; left = processesOf(home)) {
		for (const entry of left) signalProcess(entry, 'SIGKILL');
	}
}
