import {boundaries} from './schema-boundaries.ts';
import {log} from './schema-log.ts';

/** A step of the schema: run once, in order, and recorded by name in `raid_migrations`. */
export interface Migration {
	readonly name: string;
	readonly sql: string;
}

// agents, channels, messages and spawns have the columns of space-os, so that one reader opens both;
// what is ours alone lives in tables that start with raid_.
const foundation = `
	CREATE TABLE agents (
		agent_id TEXT PRIMARY KEY,
		identity TEXT NOT NULL UNIQUE,
		model TEXT,
		constitution TEXT,
		role TEXT,
		spawn_count INTEGER NOT NULL DEFAULT 0,
		created_at TEXT NOT NULL,
		last_active_at TEXT,
		archived_at TEXT
	);
	CREATE TABLE channels (
		channel_id TEXT PRIMARY KEY,
		name TEXT NOT NULL UNIQUE,
		topic TEXT,
		parent_channel_id TEXT REFERENCES channels (channel_id),
		created_at TEXT NOT NULL,
		archived_at TEXT,
		pinned_at TEXT
	);
	CREATE TABLE messages (
		message_id TEXT PRIMARY KEY,
		channel_id TEXT NOT NULL REFERENCES channels (channel_id),
		agent_id TEXT NOT NULL REFERENCES agents (agent_id),
		content TEXT NOT NULL,
		created_at TEXT NOT NULL
	);
	CREATE INDEX raid_messages_by_channel ON messages (channel_id);
	CREATE INDEX raid_messages_by_sender ON messages (channel_id, agent_id);
	CREATE TABLE spawns (
		id TEXT PRIMARY KEY,
		agent_id TEXT NOT NULL REFERENCES agents (agent_id),
		parent_spawn_id TEXT REFERENCES spawns (id),
		session_id TEXT,
		channel_id TEXT REFERENCES channels (channel_id),
		constitution_hash TEXT,
		status TEXT NOT NULL DEFAULT 'pending'
			CHECK (status IN ('pending', 'running', 'completed', 'failed', 'timeout', 'killed')),
		pid INTEGER,
		created_at TEXT NOT NULL,
		ended_at TEXT
	);
	CREATE INDEX raid_spawns_by_parent ON spawns (parent_spawn_id);
	-- One live spawn per agent and channel: the database itself refuses a second one.
	CREATE UNIQUE INDEX raid_one_live_spawn ON spawns (agent_id, channel_id)
		WHERE status IN ('pending', 'running');
	CREATE INDEX raid_spawns_by_status ON spawns (status);

	CREATE TABLE raid_agents (
		agent_id TEXT PRIMARY KEY REFERENCES agents (agent_id),
		provider TEXT NOT NULL,
		command TEXT
	);
	CREATE TABLE raid_messages (
		message_id TEXT PRIMARY KEY REFERENCES messages (message_id),
		spawn_id TEXT NOT NULL REFERENCES spawns (id)
	);
	CREATE INDEX raid_messages_by_spawn ON raid_messages (spawn_id);
	CREATE TABLE raid_spawns (
		spawn_id TEXT PRIMARY KEY REFERENCES spawns (id),
		host TEXT NOT NULL,
		boot TEXT NOT NULL,
		hold TEXT,
		is_tombstone INTEGER NOT NULL DEFAULT 0,
		message_id TEXT REFERENCES messages (message_id),
		provider TEXT NOT NULL,
		supervisor_pid INTEGER,
		supervisor_started TEXT,
		process_started TEXT,
		killed_by TEXT,
		failure TEXT,
		tokens_in INTEGER,
		tokens_out INTEGER,
		cost_usd REAL,
		resume_at TEXT
	);
	CREATE TABLE raid_attempts (
		spawn_id TEXT NOT NULL REFERENCES spawns (id),
		attempt INTEGER NOT NULL,
		pid INTEGER,
		started_at TEXT NOT NULL,
		ended_at TEXT,
		last_output_at TEXT,
		exit_code INTEGER,
		signal TEXT,
		failure TEXT,
		is_parked INTEGER NOT NULL DEFAULT 0,
		PRIMARY KEY (spawn_id, attempt)
	);
	CREATE TABLE raid_mentions (
		message_id TEXT NOT NULL REFERENCES messages (message_id),
		identity TEXT NOT NULL,
		outcome TEXT NOT NULL,
		reason TEXT,
		spawn_id TEXT REFERENCES spawns (id),
		decided_at TEXT NOT NULL,
		PRIMARY KEY (message_id, identity)
	);
	CREATE INDEX raid_mentions_by_spawn ON raid_mentions (spawn_id);
	CREATE INDEX raid_mentions_waiting ON raid_mentions (identity) WHERE outcome = 'queued' AND spawn_id IS NULL;
	CREATE INDEX raid_mentions_held ON raid_mentions (decided_at) WHERE outcome = 'held';
	-- A hold of one channel, or of all where the channel is ''.
	CREATE TABLE raid_holds (
		channel_id TEXT PRIMARY KEY,
		held_by TEXT NOT NULL,
		held_at TEXT NOT NULL
	);
	CREATE TABLE raid_events (
		event_id INTEGER PRIMARY KEY AUTOINCREMENT,
		at TEXT NOT NULL,
		kind TEXT NOT NULL,
		spawn_id TEXT REFERENCES spawns (id),
		channel_id TEXT REFERENCES channels (channel_id),
		detail TEXT
	);
	CREATE INDEX raid_events_by_channel ON raid_events (channel_id, kind);

	CREATE VIRTUAL TABLE raid_messages_fts USING fts5 (content, message_id UNINDEXED);
	CREATE TRIGGER raid_messages_indexed AFTER INSERT ON messages BEGIN
		INSERT INTO raid_messages_fts (content, message_id) VALUES (new.content, new.message_id);
	END;
`;

// Columns are only added: a supervisor of the version before may be at work while the store is opened by this one.
const realAgents = `
	ALTER TABLE raid_agents ADD COLUMN permissions TEXT NOT NULL DEFAULT 'edit';
	ALTER TABLE raid_agents ADD COLUMN args TEXT NOT NULL DEFAULT '[]';
	ALTER TABLE raid_agents ADD COLUMN is_resuming INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE raid_agents ADD COLUMN fields TEXT;
	ALTER TABLE raid_spawns ADD COLUMN transcript TEXT;
	ALTER TABLE raid_spawns ADD COLUMN retry_text TEXT;
	ALTER TABLE raid_spawns ADD COLUMN retry_count INTEGER;
	ALTER TABLE raid_spawns ADD COLUMN retry_since TEXT;
	ALTER TABLE raid_attempts ADD COLUMN session_id TEXT;
	ALTER TABLE raid_attempts ADD COLUMN tokens_in INTEGER;
	ALTER TABLE raid_attempts ADD COLUMN tokens_out INTEGER;
	ALTER TABLE raid_attempts ADD COLUMN cost_usd REAL;
	CREATE INDEX raid_attempts_by_session ON raid_attempts (session_id);
	-- What an agent has used, and how often it failed, is summed over its own spawns at each look.
	CREATE INDEX raid_spawns_by_agent ON spawns (agent_id);
	UPDATE raid_attempts SET (tokens_in, tokens_out) =
		(SELECT tokens_in, tokens_out FROM raid_spawns WHERE raid_spawns.spawn_id = raid_attempts.spawn_id)
		WHERE attempt = (SELECT max(attempt) FROM raid_attempts AS other WHERE other.spawn_id = raid_attempts.spawn_id);
`;

/** All migrations, oldest first. */
export const migrations: readonly Migration[] = [
	{name: '001-foundation', sql: foundation},
	{name: '002-real-agents', sql: realAgents},
	{name: '003-log', sql: log},
	{name: '004-boundaries', sql: boundaries},
];
