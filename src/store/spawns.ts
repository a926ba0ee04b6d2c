import type {EndStatus, ProcessIdentity, Spawn, SpawnId, Status} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {instant, isoTime} from './time.ts';

type SpawnRow = Omit<Spawn, 'process' | 'supervisor' | 'retry'> & {
	readonly pid: number | null;
	readonly processStarted: string | null;
	readonly supervisorPid: number | null;
	readonly supervisorStarted: string | null;
	readonly retryText: string | null;
	readonly retryCount: number | null;
	readonly retrySince: Instant | null;
};

const spawnQuery = `
	SELECT spawns.id, parent_spawn_id AS parentId, agents.identity AS agent, agents.model, raid_spawns.provider,
		agents.role, channels.name AS channel, status, raid_spawns.message_id AS messageId,
		spawns.session_id AS sessionId,
		spawns.pid, process_started AS processStarted, supervisor_pid AS supervisorPid,
		supervisor_started AS supervisorStarted, ifnull(latest.attempt, 0) AS attempt,
		${instant('spawns.created_at')} AS createdAt,
		(SELECT ${instant('started_at')} FROM raid_attempts WHERE spawn_id = spawns.id AND attempt = 1) AS startedAt,
		${instant('latest.started_at')} AS attemptStartedAt, ${instant('latest.ended_at')} AS attemptEndedAt,
		${instant('spawns.ended_at')} AS endedAt, ${instant('latest.last_output_at')} AS lastOutputAt,
		exit_code AS exitCode, signal, raid_spawns.failure, killed_by AS killedBy,
		transcript AS sessionFile, raid_spawns.tokens_in AS tokensIn, raid_spawns.tokens_out AS tokensOut,
		raid_spawns.cost_usd AS costUsd, retry_text AS retryText, retry_count AS retryCount,
		${instant('retry_since')} AS retrySince, boot, hold, ${instant('resume_at')} AS resumeAt,
		is_tombstone AS isTombstone, ifnull(latest.is_parked, 0) AS isParked
	FROM spawns
		JOIN raid_spawns ON raid_spawns.spawn_id = spawns.id
		JOIN agents USING (agent_id)
		JOIN channels USING (channel_id)
		LEFT JOIN raid_attempts AS latest ON latest.spawn_id = spawns.id
			AND latest.attempt = (SELECT max(attempt) FROM raid_attempts WHERE spawn_id = spawns.id)
`;

/** Every spawn, oldest first. */
export function listSpawns(store: Store): readonly Spawn[] {
	return store.prepare<[], SpawnRow>(`${spawnQuery} ORDER BY spawns.rowid`).all().map(withParts);
}

/** The live spawns and the `count` latest, with all that they descend from, oldest first. */
export function listRecentSpawns(store: Store, count: number): readonly Spawn[] {
	const query = `
		WITH RECURSIVE recent (id) AS (
			SELECT id FROM spawns WHERE status IN ('pending', 'running')
			UNION SELECT id FROM (SELECT id FROM spawns ORDER BY rowid DESC LIMIT ?)
			UNION SELECT parent_spawn_id FROM spawns JOIN recent USING (id) WHERE parent_spawn_id IS NOT NULL
		)
		${spawnQuery} WHERE spawns.id IN (SELECT id FROM recent) ORDER BY spawns.rowid`;
	return store.prepare<[number], SpawnRow>(query).all(count).map(withParts);
}

/** The spawns that have not ended, oldest first. */
export function listLiveSpawns(store: Store): readonly Spawn[] {
	const query = `${spawnQuery} WHERE status IN ('pending', 'running') ORDER BY spawns.rowid`;
	return store.prepare<[], SpawnRow>(query).all().map(withParts);
}

/** One spawn; null when there is none of that id. */
export function findSpawn(store: Store, id: SpawnId): Spawn | null {
	const row = store.prepare<[string], SpawnRow>(`${spawnQuery} WHERE spawns.id = ?`).get(id);
	return row === undefined ? null : withParts(row);
}

/** The ids that begin or end with `part`, oldest first. */
export function findSpawnIds(store: Store, part: string): readonly SpawnId[] {
	const query = `SELECT id FROM spawns WHERE substr(id, 1, length(@part)) = @part OR substr(id, -length(@part)) = @part ORDER BY rowid`;
	return store.prepare<[{part: string}], SpawnId>(query).pluck().all({part});
}

// A PID and its start time mean nothing apart.
function withParts(row: SpawnRow): Spawn {
	const {pid, processStarted, supervisorPid, supervisorStarted, retryText, retryCount, retrySince, ...spawn} =
		row;
	return {
		...spawn,
		process: identityOf(pid, processStarted),
		supervisor: identityOf(supervisorPid, supervisorStarted),
		retry:
			retryText === null || retryCount === null || retrySince === null
				? null
				: {text: retryText, count: retryCount, since: retrySince},
	};
}

function identityOf(pid: number | null, started: string | null): ProcessIdentity | null {
	return pid === null || started === null ? null : {pid, started};
}

/** How many spawns are in each status. */
export function countSpawns(store: Store): Readonly<Record<Status, number>> {
	const rows = store
		.prepare<[], {status: Status; count: number}>(
			'SELECT status, count(*) AS count FROM spawns GROUP BY status',
		)
		.all();
	const none = {pending: 0, running: 0, completed: 0, failed: 0, timeout: 0, killed: 0};
	return {...none, ...Object.fromEntries(rows.map(({status, count}) => [status, count]))};
}

/** The live spawn of an agent in a channel; null when there is none. There is never a second one. */
export function liveSpawnOf(
	store: Store,
	identity: string,
	channel: string,
): {readonly id: SpawnId; readonly status: 'pending' | 'running'} | null {
	const query = `
		SELECT id, status FROM spawns
		WHERE agent_id = (SELECT agent_id FROM agents WHERE identity = ?)
			AND channel_id = (SELECT channel_id FROM channels WHERE name = ?) AND status IN ('pending', 'running')`;
	return (
		store
			.prepare<[string, string], {id: SpawnId; status: 'pending' | 'running'}>(query)
			.get(identity, channel) ?? null
	);
}

/** How many spawns are above this one. */
export function depthOf(store: Store, id: SpawnId): number {
	const query = `
		WITH RECURSIVE above (id) AS (
			SELECT parent_spawn_id FROM spawns WHERE id = ?
			UNION SELECT parent_spawn_id FROM spawns JOIN above USING (id)
		)
		SELECT count(id) FROM above`;
	return store.prepare<[string], number>(query).pluck().get(id) ?? 0;
}

/** A spawn that is to be. */
export interface NewSpawn {
	readonly id: SpawnId;
	readonly agent: string;
	readonly channel: string;
	readonly parentId: SpawnId | null;
	readonly messageId: string;
	readonly provider: string;
	readonly host: string;
	readonly boot: string;
	readonly createdAt: Instant;
}

/** Adds a pending spawn. */
export function addSpawn(store: Store, spawn: NewSpawn): void {
	store
		.prepare(`
			INSERT INTO spawns (id, agent_id, parent_spawn_id, channel_id, status, created_at)
			VALUES (?, (SELECT agent_id FROM agents WHERE identity = ?), ?,
				(SELECT channel_id FROM channels WHERE name = ?), 'pending', ?)
		`)
		.run(spawn.id, spawn.agent, spawn.parentId, spawn.channel, isoTime(spawn.createdAt));
	store
		.prepare('INSERT INTO raid_spawns (spawn_id, host, boot, message_id, provider) VALUES (?, ?, ?, ?, ?)')
		.run(spawn.id, spawn.host, spawn.boot, spawn.messageId, spawn.provider);
	store.prepare('UPDATE agents SET spawn_count = spawn_count + 1 WHERE identity = ?').run(spawn.agent);
}

/** Records the agent's process: the one that a kill may signal. */
export function setProcess(store: Store, id: SpawnId, {pid, started}: ProcessIdentity): void {
	store.prepare('UPDATE spawns SET pid = ? WHERE id = ?').run(pid, id);
	store.prepare('UPDATE raid_spawns SET process_started = ? WHERE spawn_id = ?').run(started, id);
}

/** Records the SHA-256 of the instructions that the spawn was given. */
export function setConstitutionHash(store: Store, id: SpawnId, hash: string): void {
	store.prepare('UPDATE spawns SET constitution_hash = ? WHERE id = ?').run(hash, id);
}

/** Asks for the end of a live spawn. False when it has ended already; the first who asks is recorded. */
export function markKilled(store: Store, id: SpawnId, by: string): boolean {
	const query = `
		UPDATE raid_spawns SET killed_by = ifnull(killed_by, ?)
		WHERE spawn_id = ? AND (SELECT status FROM spawns WHERE id = spawn_id) IN ('pending', 'running')`;
	return store.prepare(query).run(by, id).changes === 1;
}

/** Lets a spawn of a killed chain start nothing any more, whether it lives or has ended. */
export function markTombstone(store: Store, id: SpawnId): void {
	store.prepare('UPDATE raid_spawns SET is_tombstone = 1 WHERE spawn_id = ?').run(id);
}

/** Ends a live spawn; one that was asked to end is `killed`, however it ended. False when it had ended already. */
export function endSpawn(
	store: Store,
	id: SpawnId,
	status: EndStatus,
	failure: string | null,
	at: Instant,
): boolean {
	const query = `
		UPDATE spawns SET ended_at = ?,
			status = iif((SELECT killed_by FROM raid_spawns WHERE spawn_id = id) IS NULL, ?, 'killed')
		WHERE id = ? AND status IN ('pending', 'running')`;
	if (store.prepare(query).run(isoTime(at), status, id).changes === 0) return false;
	store.prepare('UPDATE raid_spawns SET failure = ? WHERE spawn_id = ?').run(failure, id);
	return true;
}

/** The pending spawns that a spawn asked for. */
export function listPendingChildIds(store: Store, parentId: SpawnId): readonly SpawnId[] {
	const query = `SELECT id FROM spawns WHERE parent_spawn_id = ? AND status = 'pending' ORDER BY rowid`;
	return store.prepare<[string], SpawnId>(query).pluck().all(parentId);
}
