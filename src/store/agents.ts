import type {Registration} from '../model/action.ts';
import {type Agent, type Fields, type LaunchOptions, permissionLevels} from '../model/agent.ts';
import type {AgentRecord} from '../model/record.ts';
import type {SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import {isObject, isTexts, readJson, readWord} from './columns.ts';
import type {Store} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';
import {instant, isoTime} from './time.ts';

interface LaunchRow {
	/** Null for a human, as are the others. */
	readonly permissions: string | null;
	readonly allow: string;
	readonly args: string | null;
	readonly isResuming: 0 | 1 | null;
	readonly command: string | null;
	readonly fields: string | null;
	readonly mayOperate: 0 | 1;
}

const columns = `
	identity, model, provider, role, constitution, permissions, allow, args, is_resuming AS isResuming,
	command, fields, may_operate AS mayOperate,
	spawn_count AS spawns, ${instant('created_at')} AS createdAt, ${instant('archived_at')} AS archivedAt
`;

const agentQuery = `
	SELECT ${columns},
		(SELECT count(*) FROM spawns
			WHERE spawns.agent_id = agents.agent_id AND status IN ('failed', 'timeout')) AS failures,
		${sumOf('tokens_in')} AS tokensIn, ${sumOf('tokens_out')} AS tokensOut, ${sumOf('cost_usd')} AS costUsd
	FROM agents JOIN raid_agents USING (agent_id)
`;

// Of all spawns of an agent.
function sumOf(column: string): string {
	return `(SELECT sum(${column}) FROM raid_spawns JOIN spawns ON id = spawn_id WHERE spawns.agent_id = agents.agent_id)`;
}

/** Every agent and human, in the order of registration. */
export function listAgents(store: Store): readonly Agent[] {
	const query = `${agentQuery} ORDER BY sequence`;
	return statement<[], Omit<Agent, 'launch'> & LaunchRow>(store, query).all().map(withLaunch);
}

/** One agent or human; null when the identity is unknown. */
export function findAgent(store: Store, identity: string): Agent | null {
	const query = `${agentQuery} WHERE identity = ?`;
	const row = statement<[string], Omit<Agent, 'launch'> & LaunchRow>(store, query).get(identity);
	return row === undefined ? null : withLaunch(row);
}

/** The record of every identity, in the order of registration. */
export function listAgentRecords(store: Store): readonly AgentRecord[] {
	const query = `
		SELECT ${columns}, ${instant('last_active_at')} AS lastActiveAt
		FROM agents JOIN raid_agents USING (agent_id) ORDER BY sequence`;
	return statement<[], Omit<AgentRecord, 'launch'> & LaunchRow>(store, query).all().map(withLaunch);
}

// Lists and objects are kept as JSON.
function withLaunch<A>(row: A & LaunchRow): Omit<A, keyof LaunchRow> & {launch: LaunchOptions | null} {
	const {permissions, allow, args, isResuming, command, fields, mayOperate, ...agent} = row;
	if (permissions === null) return {...agent, launch: null};
	const damage: string[] = [];
	const note =
		<T>(value: T) =>
		(text: string) => {
			damage.push(text);
			return value;
		};
	const launch: LaunchOptions = {
		permissions: readWord(permissionLevels, permissions, note(permissionLevels[0])),
		allow: readJson(allow, isTexts, note([])),
		args: readJson(args ?? '[]', isTexts, note([])),
		isResuming: isResuming === 1,
		command: command === null ? null : readJson(command, isTexts, note(null)),
		fields: fields === null ? null : readJson(fields, isFields, note(null)),
		mayOperate: mayOperate === 1,
	};
	// Among the arguments a damage is shown, and nothing is launched with it.
	return {...agent, launch: {...launch, args: [...damage, ...launch.args]}};
}

function isFields(value: unknown): value is Fields {
	return isObject(value) && isTexts(Object.values(value));
}

/** Adds an agent or human, or changes its record. */
export function registerAgent(store: Store, registration: Registration, agentId: string, at: Instant): void {
	const {identity, model, provider, constitution, role, launch} = registration;
	const agent = {identity, model, provider, role, constitution, launch};
	record(store, {kind: 'agent-registered', at, agent}, sequence => {
		const query = `
			INSERT INTO agents (agent_id, identity, model, constitution, role, created_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (identity) DO UPDATE SET
				model = excluded.model, constitution = excluded.constitution, role = excluded.role, archived_at = NULL`;
		statement(store, query).run(agentId, identity, model, constitution, role, isoTime(at));
		setLaunch(store, agent, sequence);
	});
}

function setLaunch(store: Store, {identity, provider, launch}: Registration, sequence: number): void {
	const json = (value: unknown) => (value == null ? null : JSON.stringify(value));
	const query = `
		INSERT INTO raid_agents (agent_id, sequence, provider, permissions, allow, args, is_resuming, command, fields,
			may_operate)
		VALUES ((SELECT agent_id FROM agents WHERE identity = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (agent_id) DO UPDATE SET
			provider = excluded.provider, permissions = excluded.permissions, allow = excluded.allow,
			args = excluded.args, is_resuming = excluded.is_resuming, command = excluded.command,
			fields = excluded.fields, may_operate = excluded.may_operate`;
	statement(store, query).run(
		identity,
		sequence,
		provider,
		launch?.permissions ?? null,
		JSON.stringify(launch?.allow ?? []),
		json(launch?.args),
		launch === null ? null : Number(launch.isResuming),
		json(launch?.command),
		json(launch?.fields),
		Number(launch?.mayOperate ?? false),
	);
}

/** True for a spawn that runs, and whose agent may operate the raid. */
export function isOperating(store: Store, spawnId: SpawnId): boolean {
	const query = `
		SELECT 1 FROM spawns JOIN raid_agents USING (agent_id) WHERE id = ? AND status = 'running' AND may_operate = 1`;
	return statement<[string]>(store, query).get(spawnId) !== undefined;
}
