import {failureCauses, type ProcessIdentity, type Spawn, type SpawnId, type Status} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import {readList, readNumber} from './columns.ts';
import {readDenials} from './denials.ts';
import type {Store} from './open.ts';
import {statement} from './statements.ts';
import {instant} from './time.ts';

/** A row of `spawnQuery`. */
export type SpawnRow = Omit<
	Spawn,
	'process' | 'supervisor' | 'retry' | 'openCall' | 'denials' | 'isTombstone' | 'isParked' | 'seenProcesses'
> & {
	readonly pid: number | null;
	readonly processStarted: string | null;
	readonly supervisorPid: number | null;
	readonly supervisorStarted: string | null;
	readonly retryText: string | null;
	readonly retryCount: number | null;
	readonly retrySince: Instant | null;
	readonly openCallText: string | null;
	readonly openCallSince: Instant | null;
	/** JSON. */
	readonly denials: string;
	readonly isTombstone: 0 | 1;
	readonly isParked: 0 | 1;
	/** JSON. */
	readonly seenProcesses: string;
};

/** SQL of all spawns; `more` names further columns. */
export const spawnQuery = (more = '') => `
	SELECT spawns.id, raid_spawns.sequence, parent_spawn_id AS parentId, agents.identity AS agent, raid_spawns.model,
		raid_spawns.provider, raid_spawns.role, channels.name AS channel, status,
		raid_spawns.message_id AS messageId, root_message_id AS rootMessageId, retry_of AS retryOf,
		spawns.session_id AS sessionId,
		spawns.pid, process_started AS processStarted, supervisor_pid AS supervisorPid,
		supervisor_started AS supervisorStarted, ifnull(latest.attempt, 0) AS attempt,
		${instant('spawns.created_at')} AS createdAt,
		(SELECT ${instant('started_at')} FROM raid_attempts WHERE spawn_id = spawns.id AND attempt = 1) AS startedAt,
		${instant('latest.started_at')} AS attemptStartedAt, ${instant('latest.ended_at')} AS attemptEndedAt,
		${instant('spawns.ended_at')} AS endedAt, ${instant('latest.last_output_at')} AS lastOutputAt,
		exit_code AS exitCode, signal, raid_spawns.failure, killed_by AS killedBy,
		session_file AS sessionFile, raid_spawns.tokens_in AS tokensIn, raid_spawns.tokens_out AS tokensOut,
		raid_spawns.cost_usd AS costUsd, retry_text AS retryText, retry_count AS retryCount,
		${instant('retry_since')} AS retrySince, open_call AS openCallText,
		${instant('open_call_since')} AS openCallSince, ${instant('last_cpu_at')} AS lastCpuAt, raid_spawns.denials,
		cause, machine, boot, namespace, hold, ${instant('resume_at')} AS resumeAt,
		${instant('released_at')} AS releasedAt, seen_processes AS seenProcesses,
		is_tombstone AS isTombstone, ifnull(latest.is_parked, 0) AS isParked ${more}
	FROM spawns
		JOIN raid_spawns ON raid_spawns.spawn_id = spawns.id
		JOIN agents USING (agent_id)
		JOIN channels USING (channel_id)
		LEFT JOIN raid_attempts AS latest ON latest.spawn_id = spawns.id
			AND latest.attempt = (SELECT max(attempt) FROM raid_attempts WHERE spawn_id = spawns.id)
`;

const isLiveRow = `status IN ('pending', 'running')`;
const inOrder = 'ORDER BY raid_spawns.sequence';

/** Every spawn, oldest first. */
export function listSpawns(store: Store): readonly Spawn[] {
	return statement<[], SpawnRow>(store, `${spawnQuery()} ${inOrder}`).all().map(spawnOf);
}

/** The live spawns and the `count` latest, with all that they descend from, oldest first. */
export function listRecentSpawns(store: Store, count: number): readonly Spawn[] {
	const query = `
		WITH RECURSIVE recent (id) AS (
			SELECT id FROM spawns WHERE ${isLiveRow}
			UNION SELECT spawn_id FROM (SELECT spawn_id FROM raid_spawns ORDER BY sequence DESC LIMIT ?)
			UNION SELECT parent_spawn_id FROM spawns JOIN recent USING (id) WHERE parent_spawn_id IS NOT NULL
		)
		${spawnQuery()} WHERE spawns.id IN (SELECT id FROM recent) ${inOrder}`;
	return statement<[number], SpawnRow>(store, query).all(count).map(spawnOf);
}

/** The spawns that have not ended, oldest first. */
export function listLiveSpawns(store: Store): readonly Spawn[] {
	const query = `${spawnQuery()} WHERE ${isLiveRow} ${inOrder}`;
	return statement<[], SpawnRow>(store, query).all().map(spawnOf);
}

/** The ended spawns that may have left something behind: a group that lives, or processes that were seen to leave it. */
export function listEndedSpawns(store: Store, groupIds: readonly number[]): readonly Spawn[] {
	const query = `
		${spawnQuery()} WHERE NOT ${isLiveRow} AND spawns.id IN (
			SELECT id FROM spawns JOIN raid_spawns ON spawn_id = id
			WHERE pid IN (SELECT value FROM json_each(?)) OR seen_processes <> '[]')
		${inOrder}`;
	return statement<[string], SpawnRow>(store, query).all(JSON.stringify(groupIds)).map(spawnOf);
}

/** One spawn; null when there is none of that id. */
export function findSpawn(store: Store, id: SpawnId): Spawn | null {
	const row = statement<[string], SpawnRow>(store, `${spawnQuery()} WHERE spawns.id = ?`).get(id);
	return row === undefined ? null : spawnOf(row);
}

const indexedEnding = 4;

/** The ids that begin or end with `part`, oldest first. */
export function findSpawnIds(store: Store, part: string): readonly SpawnId[] {
	const ending =
		part.length < indexedEnding
			? 'substr(id, -length(@part)) = @part'
			: `substr(id, -${indexedEnding}) = substr(@part, -${indexedEnding}) AND substr(id, -length(@part)) = @part`;
	const query = `
		SELECT id FROM spawns JOIN raid_spawns ON spawn_id = id
		WHERE (id >= @part AND id < @part || '~') OR (${ending}) ORDER BY sequence`;
	return statement<{part: string}, SpawnId>(store, query).pluck().all({part});
}

/** A spawn of its row: a PID and its start time mean nothing apart. */
export function spawnOf<R extends SpawnRow>(row: R): Omit<R, keyof SpawnRow> & Spawn {
	// In one step: a copy of that many columns is what reading thousands of spawns takes its time for.
	const {
		pid,
		processStarted,
		supervisorPid,
		supervisorStarted,
		retryText,
		retryCount,
		retrySince,
		openCallText,
		openCallSince,
		...spawn
	} = row;
	return {
		...spawn,
		tokensIn: readNumber(row.tokensIn),
		tokensOut: readNumber(row.tokensOut),
		costUsd: readNumber(row.costUsd),
		exitCode: readNumber(row.exitCode),
		isTombstone: row.isTombstone === 1,
		isParked: row.isParked === 1,
		seenProcesses: identitiesIn(row.seenProcesses),
		process: identityOf(pid, processStarted),
		supervisor: identityOf(supervisorPid, supervisorStarted),
		cause: failureCauses.find(cause => cause === row.cause) ?? null,
		denials: readDenials(row.denials),
		openCall:
			openCallText === null || openCallSince === null ? null : {text: openCallText, since: openCallSince},
		retry:
			retryText === null || retryCount === null || retrySince === null
				? null
				: {text: retryText, count: retryCount, since: retrySince},
	};
}

/** Forged or damaged text names no process. */
function identitiesIn(json: string): readonly ProcessIdentity[] {
	return readList(json).filter(isIdentity);
}

function isIdentity(value: unknown): value is ProcessIdentity {
	const {pid, started} = (value ?? {}) as Partial<ProcessIdentity>;
	return Number.isSafeInteger(pid) && (pid as number) > 1 && typeof started === 'string';
}

function identityOf(pid: number | null, started: string | null): ProcessIdentity | null {
	return !Number.isInteger(pid) || pid === null || started === null ? null : {pid, started};
}

/** How many spawns are in each status. */
export function countSpawns(store: Store): Readonly<Record<Status, number>> {
	const query = 'SELECT status, count(*) AS count FROM spawns GROUP BY status';
	const rows = statement<[], {status: Status; count: number}>(store, query).all();
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
			AND channel_id = (SELECT channel_id FROM channels WHERE name = ?) AND ${isLiveRow}`;
	type Live = {id: SpawnId; status: 'pending' | 'running'};
	return statement<[string, string], Live>(store, query).get(identity, channel) ?? null;
}

/** How many spawns are above this one. */
export function depthOf(store: Store, id: SpawnId): number {
	const query = `
		WITH RECURSIVE above (id) AS (
			SELECT parent_spawn_id FROM spawns WHERE id = ?
			UNION SELECT parent_spawn_id FROM spawns JOIN above USING (id)
		)
		SELECT count(id) FROM above`;
	return statement<[string], number>(store, query).pluck().get(id) ?? 0;
}

/** The pending spawns that a spawn asked for, oldest first. */
export function listPendingChildIds(store: Store, parentId: SpawnId): readonly SpawnId[] {
	const query = `
		SELECT id FROM spawns JOIN raid_spawns ON spawn_id = id
		WHERE parent_spawn_id = ? AND status = 'pending' ORDER BY sequence`;
	return statement<[string], SpawnId>(store, query).pluck().all(parentId);
}
