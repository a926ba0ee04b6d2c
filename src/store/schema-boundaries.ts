/** What an agent may do, what its CLI refused it, what is known of its processes, and what the machine did meanwhile. */
export const boundaries = `
	-- \`raid register --may operate\`, and the commands of \`--allow\` as JSON.
	ALTER TABLE raid_agents ADD COLUMN may_operate INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE raid_agents ADD COLUMN allow TEXT NOT NULL DEFAULT '[]';
	-- The call of a tool that is open, and the calls that the CLI refused, as JSON.
	ALTER TABLE raid_spawns ADD COLUMN open_call TEXT;
	ALTER TABLE raid_spawns ADD COLUMN open_call_since TEXT;
	ALTER TABLE raid_spawns ADD COLUMN last_cpu_at TEXT;
	ALTER TABLE raid_spawns ADD COLUMN denials TEXT NOT NULL DEFAULT '[]';
	ALTER TABLE raid_attempts ADD COLUMN denials TEXT NOT NULL DEFAULT '[]';
	CREATE INDEX raid_spawns_denied ON raid_spawns (spawn_id) WHERE denials <> '[]';
	-- What a failure says of the provider: that its login is refused, or its program missing.
	ALTER TABLE raid_spawns ADD COLUMN cause TEXT;
	-- Processes that were seen while the latest attempt ran, as JSON.
	ALTER TABLE raid_spawns ADD COLUMN seen_processes TEXT NOT NULL DEFAULT '[]';
	-- When the operator last released a spawn that was held.
	ALTER TABLE raid_spawns ADD COLUMN released_at TEXT;
	-- When a machine slept.
	CREATE TABLE raid_gaps (
		machine TEXT NOT NULL,
		began_at TEXT NOT NULL,
		ended_at TEXT NOT NULL
	);
	-- The latest refill of the leash of the chain that this message began.
	CREATE TABLE raid_leashes (
		root_message_id TEXT PRIMARY KEY REFERENCES messages (message_id),
		sequence INTEGER NOT NULL,
		refilled_at TEXT NOT NULL
	);
	CREATE INDEX raid_spawns_by_root ON raid_spawns (root_message_id);
`;
