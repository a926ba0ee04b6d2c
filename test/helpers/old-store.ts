import Database from 'better-sqlite3';
import {migrations} from '../../src/store/schema.ts';

const at = '2026-01-01T12:00:00.000Z';

/** Makes the store of an older version at `path`, by its own schema: a human, two agents, a channel, and what `sql` adds. */
export function makeOldStore(path: string, sql: string, schemas = 2): void {
	const store = new Database(path);
	const old = migrations.slice(0, schemas);
	store.pragma('journal_mode = WAL');
	store.exec('CREATE TABLE raid_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)');
	for (const {name, sql: schema} of old) {
		store.exec(schema);
		store.prepare('INSERT INTO raid_migrations VALUES (?, ?)').run(name, at);
	}
	store.exec(`
		INSERT INTO agents (agent_id, identity, model, created_at) VALUES
			('h', 'human', NULL, '${at}'), ('r', 'raid', NULL, '${at}'),
			('a', 'ann', 'default', '${at}'), ('b', 'bob', 'default', '${at}');
		INSERT INTO raid_agents (agent_id, provider, command) VALUES
			('a', 'scripted', NULL), ('b', 'command', '["cat", "{workspace}/x"]');
		INSERT INTO channels (channel_id, name, created_at) VALUES ('c', 'general', '${at}');
		${sql}
	`);
	store.close();
}

/** SQL of a message; the sender is an agent's id. */
export function message(id: string, sender: string, text: string): string {
	return `INSERT INTO messages VALUES ('${id}', 'c', '${sender}', '${text}', '${at}');`;
}

/** SQL of a spawn of an agent's id, asked for by a message. */
export function spawn(id: string, agent: string, messageId: string, status: string, boot = 'boot'): string {
	return `
		INSERT INTO spawns (id, agent_id, channel_id, status, created_at)
			VALUES ('${id}', '${agent}', 'c', '${status}', '${at}');
		INSERT INTO raid_spawns (spawn_id, host, boot, provider, message_id)
			VALUES ('${id}', 'h', '${boot}', 'scripted', '${messageId}');
		INSERT INTO raid_mentions (message_id, identity, outcome, spawn_id, decided_at)
			SELECT '${messageId}', identity, 'launched', '${id}', '${at}' FROM agents WHERE agent_id = '${agent}';`;
}

/** Makes the store of the version before this one, with its log: a human, the agent `ann`, and her spawns, at most two. */
export function makeLoggedStore(path: string, spawns: readonly LoggedSpawn[]): void {
	const store = new Database(path);
	store.pragma('journal_mode = WAL');
	store.exec('CREATE TABLE raid_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)');
	for (const {name, sql: schema} of migrations.slice(0, 3)) {
		store.exec(schema);
		store.prepare('INSERT INTO raid_migrations VALUES (?, ?)').run(name, at);
	}
	store.exec(`
		INSERT INTO agents (agent_id, identity, model, created_at) VALUES
			('h', 'human', NULL, '${at}'), ('r', 'raid', NULL, '${at}'), ('a', 'ann', 'default', '${at}');
		INSERT INTO raid_agents (agent_id, sequence, provider) VALUES ('h', 1, NULL), ('r', 2, NULL), ('a', 3, 'scripted');
		INSERT INTO channels (channel_id, name, created_at) VALUES ('c', 'general', '${at}');
		INSERT INTO raid_channels (channel_id, sequence) VALUES ('c', 4);
		INSERT INTO channels (channel_id, name, created_at) VALUES ('d', 'other', '${at}');
		INSERT INTO raid_channels (channel_id, sequence) VALUES ('d', 4);
		INSERT INTO messages VALUES ('m', 'c', 'h', '@ann go', '${at}');
		INSERT INTO raid_messages (message_id, posted_in, sequence) VALUES ('m', 'c', 5);
		INSERT INTO raid_mentions (message_id, identity, outcome, reason, decided_at, sequence)
			VALUES ('m', 'ann', 'queued', 'running', '${at}', 6);
	`);
	for (const [index, {id, status, supervisor}] of spawns.entries()) {
		store
			.prepare('INSERT INTO spawns (id, agent_id, channel_id, status, created_at) VALUES (?, ?, ?, ?, ?)')
			.run(id, 'a', index === 0 ? 'c' : 'd', status, at);
		store
			.prepare(`
				INSERT INTO raid_spawns (spawn_id, sequence, boot, provider, message_id, supervisor_pid, supervisor_started)
				VALUES (?, ?, 'boot', 'scripted', 'm', ?, ?)`)
			.run(id, 7 + index, supervisor?.pid ?? null, supervisor?.started ?? null);
	}
	store.close();
}

/** A spawn in a store of the version before. */
interface LoggedSpawn {
	readonly id: string;
	readonly status: string;
	readonly supervisor: {readonly pid: number; readonly started: string} | null;
}
