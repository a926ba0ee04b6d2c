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
