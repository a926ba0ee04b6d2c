import type {Agent} from '../model/agent.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {instant, isoTime} from './time.ts';

interface AgentRow extends Omit<Agent, 'command'> {
	readonly command: string | null;
}

const agentQuery = `
	SELECT identity, model, provider, role, constitution, command, spawn_count AS spawns,
		(SELECT count(*) FROM spawns
			WHERE spawns.agent_id = agents.agent_id AND status IN ('failed', 'timeout')) AS failures,
		${instant('created_at')} AS createdAt, ${instant('archived_at')} AS archivedAt
	FROM agents LEFT JOIN raid_agents USING (agent_id)
`;

/** Every agent and human, in the order of registration. */
export function listAgents(store: Store): readonly Agent[] {
	return store.prepare<[], AgentRow>(`${agentQuery} ORDER BY agents.rowid`).all().map(withCommand);
}

/** One agent or human; null when the identity is unknown. */
export function findAgent(store: Store, identity: string): Agent | null {
	const row = store.prepare<[string], AgentRow>(`${agentQuery} WHERE identity = ?`).get(identity);
	return row === undefined ? null : withCommand(row);
}

// The command is a list, and SQLite has no lists.
function withCommand(row: AgentRow): Agent {
	return {...row, command: row.command === null ? null : (JSON.parse(row.command) as string[])};
}

/** What is recorded of an identity. A human has neither model nor provider. */
export type Registration = Pick<
	Agent,
	'identity' | 'model' | 'provider' | 'role' | 'constitution' | 'command'
>;

/** Adds an agent or human, or changes what is recorded of it. */
export function registerAgent(store: Store, agent: Registration, agentId: string, at: Instant): void {
	store
		.prepare(`
			INSERT INTO agents (agent_id, identity, model, constitution, role, created_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (identity) DO UPDATE SET
				model = excluded.model, constitution = excluded.constitution, role = excluded.role, archived_at = NULL
		`)
		.run(agentId, agent.identity, agent.model, agent.constitution, agent.role, isoTime(at));
	if (agent.provider === null) return;
	store
		.prepare(`
			INSERT INTO raid_agents (agent_id, provider, command)
			VALUES ((SELECT agent_id FROM agents WHERE identity = ?), ?, ?)
			ON CONFLICT (agent_id) DO UPDATE SET provider = excluded.provider, command = excluded.command
		`)
		.run(agent.identity, agent.provider, agent.command === null ? null : JSON.stringify(agent.command));
}
