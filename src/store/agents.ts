import type {Registration} from '../model/action.ts';
import type {Agent, Fields, LaunchOptions, Permissions} from '../model/agent.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {instant, isoTime} from './time.ts';

interface AgentRow extends Omit<Agent, 'launch'> {
	/** Null for a human, as are the others. */
	readonly permissions: Permissions | null;
	readonly args: string | null;
	readonly isResuming: 0 | 1 | null;
	readonly command: string | null;
	readonly fields: string | null;
}

const agentQuery = `
	SELECT identity, model, provider, role, constitution, permissions, args, is_resuming AS isResuming, command, fields,
		spawn_count AS spawns,
		(SELECT count(*) FROM spawns
			WHERE spawns.agent_id = agents.agent_id AND status IN ('failed', 'timeout')) AS failures,
		${sumOf('tokens_in')} AS tokensIn, ${sumOf('tokens_out')} AS tokensOut, ${sumOf('cost_usd')} AS costUsd,
		${instant('created_at')} AS createdAt, ${instant('archived_at')} AS archivedAt
	FROM agents LEFT JOIN raid_agents USING (agent_id)
`;

// Of all spawns of an agent.
function sumOf(column: string): string {
	return `(SELECT sum(${column}) FROM raid_spawns JOIN spawns ON id = spawn_id WHERE spawns.agent_id = agents.agent_id)`;
}

/** Every agent and human, in the order of registration. */
export function listAgents(store: Store): readonly Agent[] {
	return store.prepare<[], AgentRow>(`${agentQuery} ORDER BY agents.rowid`).all().map(withLaunch);
}

/** One agent or human; null when the identity is unknown. */
export function findAgent(store: Store, identity: string): Agent | null {
	const row = store.prepare<[string], AgentRow>(`${agentQuery} WHERE identity = ?`).get(identity);
	return row === undefined ? null : withLaunch(row);
}

// Lists and objects are JSON: SQLite has none.
function withLaunch({permissions, args, isResuming, command, fields, ...agent}: AgentRow): Agent {
	if (permissions === null) return {...agent, launch: null};
	const launch: LaunchOptions = {
		permissions,
		args: JSON.parse(args ?? '[]') as string[],
		isResuming: isResuming === 1,
		command: JSON.parse(command ?? 'null') as string[] | null,
		fields: JSON.parse(fields ?? 'null') as Fields | null,
	};
	return {...agent, launch};
}

/** Adds an agent or human, or changes what is recorded of it. */
export function registerAgent(store: Store, agent: Registration, agentId: string, at: Instant): void {
	store
		.prepare(`
			INSERT INTO agents (agent_id, identity, model, constitution, role, created_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (identity) DO UPDATE SET
				model = excluded.model, constitution = excluded.constitution, role = excluded.role, archived_at = NULL
		`)
		.run(agentId, agent.identity, agent.model, agent.constitution, agent.role, isoTime(at));
	if (agent.provider !== null && agent.launch !== null)
		setLaunch(store, agent.identity, agent.provider, agent.launch);
}

function setLaunch(store: Store, identity: string, provider: string, launch: LaunchOptions): void {
	const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
	store
		.prepare(`
			INSERT INTO raid_agents (agent_id, provider, permissions, args, is_resuming, command, fields)
			VALUES ((SELECT agent_id FROM agents WHERE identity = ?), ?, ?, ?, ?, ?, ?)
			ON CONFLICT (agent_id) DO UPDATE SET
				provider = excluded.provider, permissions = excluded.permissions, args = excluded.args,
				is_resuming = excluded.is_resuming, command = excluded.command, fields = excluded.fields
		`)
		.run(
			identity,
			provider,
			launch.permissions,
			JSON.stringify(launch.args),
			Number(launch.isResuming),
			json(launch.command),
			json(launch.fields),
		);
}
