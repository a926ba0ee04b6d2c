/**
 * One log of typed events, THE order of everything, and the tables for holds of agents, alerts, settings and what the
 * operator has seen. `sequence` holds the row's number until `importRecords` gives it the one of its event.
 */
export const log = `
	-- The log. What was in it before stays, in its old words.
	DROP INDEX raid_events_by_channel;
	ALTER TABLE raid_events RENAME TO raid_old_events;
	CREATE TABLE raid_events (
		sequence INTEGER PRIMARY KEY AUTOINCREMENT,
		at TEXT NOT NULL,
		host TEXT,
		kind TEXT NOT NULL,
		spawn_id TEXT,
		channel TEXT,
		payload TEXT NOT NULL
	);
	CREATE INDEX raid_events_by_spawn ON raid_events (spawn_id) WHERE spawn_id IS NOT NULL;
	INSERT INTO raid_events (sequence, at, kind, spawn_id, channel, payload)
		SELECT event_id, at, 'unknown', spawn_id, name, json_object('words', kind, 'detail', detail)
		FROM raid_old_events LEFT JOIN channels USING (channel_id) ORDER BY event_id;
	CREATE TRIGGER raid_events_stay BEFORE UPDATE ON raid_events BEGIN
		SELECT RAISE(ABORT, 'nothing in the log is ever changed');
	END;
	-- REPLACE fires no trigger for what it deletes.
	CREATE TRIGGER raid_events_once BEFORE INSERT ON raid_events
		WHEN EXISTS (SELECT 1 FROM raid_events WHERE sequence = new.sequence) BEGIN
		SELECT RAISE(ABORT, 'nothing in the log is ever replaced');
	END;
	CREATE TRIGGER raid_events_last BEFORE DELETE ON raid_events BEGIN
		SELECT RAISE(ABORT, 'nothing is ever removed from the log');
	END;

	CREATE TABLE raid_channels (
		channel_id TEXT PRIMARY KEY REFERENCES channels (channel_id),
		sequence INTEGER NOT NULL,
		last_sequence INTEGER NOT NULL DEFAULT 0,
		human_sequence INTEGER NOT NULL DEFAULT 0,
		failures_in_a_row INTEGER NOT NULL DEFAULT 0
	);
	INSERT INTO raid_channels (channel_id, sequence, failures_in_a_row)
		SELECT channel_id, rowid, (
			SELECT count(*) FROM raid_old_events AS failed
			WHERE failed.channel_id = channels.channel_id AND kind = 'ended' AND detail IN ('failed', 'timeout')
				AND event_id > (SELECT ifnull(max(event_id), 0) FROM raid_old_events AS calm
					WHERE calm.channel_id = channels.channel_id
						AND (kind IN ('spoke', 'breaker closed') OR (kind = 'ended' AND detail = 'completed')))
		) FROM channels;
	DROP TABLE raid_old_events;

	-- Every identity has a row: humans too.
	ALTER TABLE raid_agents RENAME TO raid_old_agents;
	CREATE TABLE raid_agents (
		agent_id TEXT PRIMARY KEY REFERENCES agents (agent_id),
		sequence INTEGER NOT NULL,
		provider TEXT,
		permissions TEXT,
		args TEXT,
		is_resuming INTEGER,
		command TEXT,
		fields TEXT
	);
	INSERT INTO raid_agents
		SELECT agent_id, agents.rowid, provider, permissions, args, is_resuming,
			replace(command, '{workspace}', '{cwd}'), fields
		FROM agents LEFT JOIN raid_old_agents USING (agent_id);
	DROP TABLE raid_old_agents;

	-- Every message has a row.
	DROP INDEX raid_messages_by_spawn;
	ALTER TABLE raid_messages RENAME TO raid_old_messages;
	CREATE TABLE raid_messages (
		message_id TEXT PRIMARY KEY REFERENCES messages (message_id),
		-- The channel again, for an index over channel and sequence.
		posted_in TEXT NOT NULL REFERENCES channels (channel_id),
		sequence INTEGER NOT NULL,
		spawn_id TEXT REFERENCES spawns (id),
		claim TEXT CHECK (claim IN ('done', 'blocked'))
	);
	INSERT INTO raid_messages (message_id, posted_in, sequence, spawn_id)
		SELECT message_id, channel_id, messages.rowid, spawn_id FROM messages LEFT JOIN raid_old_messages USING (message_id);
	DROP TABLE raid_old_messages;
	CREATE INDEX raid_messages_by_spawn ON raid_messages (spawn_id);
	CREATE INDEX raid_messages_by_sequence ON raid_messages (posted_in, sequence);

	ALTER TABLE raid_mentions ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
	UPDATE raid_mentions SET sequence = rowid;
	CREATE INDEX raid_mentions_by_sequence ON raid_mentions (sequence);

	ALTER TABLE raid_spawns DROP COLUMN host;
	ALTER TABLE raid_spawns RENAME COLUMN transcript TO session_file;
	ALTER TABLE raid_spawns ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE raid_spawns ADD COLUMN machine TEXT;
	ALTER TABLE raid_spawns ADD COLUMN namespace TEXT;
	ALTER TABLE raid_spawns ADD COLUMN root_message_id TEXT REFERENCES messages (message_id);
	ALTER TABLE raid_spawns ADD COLUMN retry_of TEXT REFERENCES spawns (id);
	-- As the agent was when the spawn was claimed.
	ALTER TABLE raid_spawns ADD COLUMN model TEXT;
	ALTER TABLE raid_spawns ADD COLUMN role TEXT;
	UPDATE raid_spawns SET (sequence, model, role) = (
		SELECT spawns.rowid, agents.model, agents.role FROM spawns JOIN agents USING (agent_id) WHERE id = spawn_id);
	-- A table with a key, because a list would be searched anew for each spawn.
	CREATE TEMP TABLE rooted (id TEXT PRIMARY KEY, root TEXT);
	INSERT INTO rooted
		WITH RECURSIVE found (id, root) AS (
			SELECT id, message_id FROM spawns JOIN raid_spawns ON spawn_id = id WHERE parent_spawn_id IS NULL
			UNION SELECT spawns.id, root FROM spawns JOIN found ON parent_spawn_id = found.id
		)
		SELECT id, root FROM found;
	UPDATE raid_spawns SET root_message_id = (SELECT root FROM rooted WHERE id = spawn_id);
	DROP TABLE rooted;
	CREATE INDEX raid_spawns_by_sequence ON raid_spawns (sequence);
	CREATE INDEX raid_spawns_by_message ON raid_spawns (message_id);
	CREATE INDEX raid_spawns_by_ending ON spawns (substr(id, -4));

	-- \`subject\` is the channel or the agent; '' where all is on hold.
	ALTER TABLE raid_holds RENAME TO raid_old_holds;
	CREATE TABLE raid_holds (
		scope TEXT NOT NULL CHECK (scope IN ('all', 'channel', 'agent')),
		subject TEXT NOT NULL DEFAULT '',
		sequence INTEGER NOT NULL,
		held_by TEXT NOT NULL,
		held_at TEXT NOT NULL,
		PRIMARY KEY (scope, subject)
	);
	INSERT INTO raid_holds
		SELECT iif(channel_id = '', 'all', 'channel'), ifnull(name, ''), raid_old_holds.rowid, held_by, held_at
		FROM raid_old_holds LEFT JOIN channels USING (channel_id) WHERE channel_id = '' OR name IS NOT NULL;
	DROP TABLE raid_old_holds;

	CREATE TABLE raid_alerts (
		alert_id TEXT PRIMARY KEY,
		sequence INTEGER NOT NULL,
		kind TEXT NOT NULL,
		subject TEXT NOT NULL,
		since TEXT NOT NULL,
		severity TEXT NOT NULL,
		spawn_id TEXT,
		channel TEXT,
		text TEXT NOT NULL,
		opened_at TEXT NOT NULL,
		notified_at TEXT,
		acknowledged_at TEXT,
		acknowledged_by TEXT,
		closed_at TEXT
	);
	CREATE INDEX raid_alerts_open ON raid_alerts (sequence) WHERE closed_at IS NULL;

	-- Limits that were changed while the raid ran: JSON by name. The others are those of config.json.
	CREATE TABLE raid_settings (
		name TEXT PRIMARY KEY,
		value TEXT NOT NULL
	);
	CREATE TABLE raid_seen (
		identity TEXT PRIMARY KEY,
		seen_at TEXT NOT NULL
	);
`;
