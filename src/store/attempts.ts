import type {Exit} from '../model/attempt.ts';
import type {Usage} from '../model/attempt-usage.ts';
import {type Denial, mergedDenials} from '../model/denial.ts';
import type {Progress} from '../model/event.ts';
import type {AttemptRecord} from '../model/record.ts';
import type {ProcessIdentity, Spawn, SpawnId} from '../model/spawn.ts';
import {exitColumns} from '../model/spawn-history.ts';
import type {Instant} from '../model/time.ts';
import {readNumber} from './columns.ts';
import {readDenials} from './denials.ts';
import type {Store} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';
import {instant, isoTime} from './time.ts';

/** One attempt of a spawn. */
export interface AttemptName {
	readonly spawn: SpawnId;
	readonly attempt: number;
}

/**
 * Records that an attempt is about to start, before it does: a crash leaves a trace. False when the spawn is no
 * longer this supervisor's to run, or was asked to end.
 */
export function beginAttempt(
	store: Store,
	{spawn, attempt}: AttemptName,
	supervisor: ProcessIdentity,
	at: Instant,
): boolean {
	return record(store, {kind: 'attempt-began', at, spawn, attempt}, () => {
		const query = `
			INSERT INTO raid_attempts (spawn_id, attempt, started_at)
			SELECT id, ?, ? FROM spawns JOIN raid_spawns ON spawn_id = id
			WHERE id = ? AND status = 'running' AND killed_by IS NULL AND supervisor_pid = ? AND supervisor_started = ?`;
		const {pid, started} = supervisor;
		if (statement(store, query).run(attempt, isoTime(at), spawn, pid, started).changes === 0) return false;
		// The process, session and retries of the previous attempt no longer belong to the spawn.
		statement(store, 'UPDATE spawns SET pid = NULL, session_id = NULL WHERE id = ?').run(spawn);
		const ours = `
			UPDATE raid_spawns SET process_started = NULL, session_file = NULL, retry_text = NULL, retry_count = NULL,
				retry_since = NULL, open_call = NULL, open_call_since = NULL, last_cpu_at = NULL
			WHERE spawn_id = ?`;
		return statement(store, ours).run(spawn);
	});
}

/** Records the process of an attempt: the one that a kill may signal. */
export function setProcess(
	store: Store,
	{spawn, attempt}: AttemptName,
	process: ProcessIdentity,
	at: Instant,
): void {
	const {pid, started} = process;
	record(store, {kind: 'attempt-started', at, spawn, attempt, process}, () => {
		statement(store, 'UPDATE spawns SET pid = ? WHERE id = ?').run(pid, spawn);
		statement(store, 'UPDATE raid_spawns SET process_started = ? WHERE spawn_id = ?').run(started, spawn);
		const query = 'UPDATE raid_attempts SET pid = ? WHERE spawn_id = ? AND attempt = ?';
		statement(store, query).run(pid, spawn, attempt);
	});
}

/** How an attempt ended. */
export interface AttemptEnd {
	readonly exit: Exit;
	readonly failure: string | null;
	readonly lastOutputAt: Instant | null;
	/** Its quota stopped it, which is not a failure. */
	readonly isParked: boolean;
}

/** Records the end of an attempt. */
export function endAttempt(store: Store, {spawn, attempt}: AttemptName, end: AttemptEnd, at: Instant): void {
	const {exit, failure, lastOutputAt, isParked} = end;
	record(store, {kind: 'attempt-ended', at, spawn, attempt, ...end}, () => {
		const query = `
			UPDATE raid_attempts SET ended_at = ?, last_output_at = ifnull(?, last_output_at), exit_code = ?, signal = ?, failure = ?, is_parked = ?
			WHERE spawn_id = ? AND attempt = ?`;
		const times = [isoTime(at), optionalTime(lastOutputAt)];
		const {exitCode, signal} = exitColumns(exit);
		statement(store, query).run(...times, exitCode, signal, failure, Number(isParked), spawn, attempt);
		const closed = 'UPDATE raid_spawns SET open_call = NULL, open_call_since = NULL WHERE spawn_id = ?';
		statement(store, closed).run(spawn);
	});
}

/** Records that a failed attempt is followed by another one. */
export function noteRetry(store: Store, {spawn, attempt}: AttemptName, failure: string, at: Instant): void {
	record(store, {kind: 'attempt-retried', at, spawn, attempt, failure}, () => {});
}

/** Records session, usage, retries, calls and age of the output, as far as CLI and processes have revealed them. */
export function setProgress(
	store: Store,
	{spawn, attempt}: AttemptName,
	progress: Progress,
	at: Instant,
): void {
	const {sessionId, tokensIn, tokensOut, costUsd, lastOutputAt, denials} = progress;
	record(store, {kind: 'attempt-progressed', at, spawn, attempt, ...progress}, () => {
		const ofAttempt = `
			UPDATE raid_attempts SET session_id = ifnull(?, session_id), tokens_in = ifnull(?, tokens_in),
				tokens_out = ifnull(?, tokens_out), cost_usd = ifnull(?, cost_usd),
				last_output_at = ifnull(?, last_output_at), denials = ?
			WHERE spawn_id = ? AND attempt = ?`;
		const news = [optionalTime(lastOutputAt), JSON.stringify(denials)];
		statement(store, ofAttempt).run(sessionId, tokensIn, tokensOut, costUsd, ...news, spawn, attempt);
		statement(store, 'UPDATE spawns SET session_id = ifnull(?, session_id) WHERE id = ?').run(
			sessionId,
			spawn,
		);
		setSpawnProgress(store, spawn, progress);
	});
}

function setSpawnProgress(store: Store, spawn: SpawnId, {retry, openCall, lastCpuAt}: Progress): void {
	const query = `
		UPDATE raid_spawns SET retry_text = ?, retry_count = ?, retry_since = ?, open_call = ?, open_call_since = ?,
			last_cpu_at = ifnull(?, last_cpu_at), denials = ?,
			(tokens_in, tokens_out, cost_usd) =
				(SELECT sum(tokens_in), sum(tokens_out), sum(cost_usd) FROM raid_attempts WHERE spawn_id = @spawn)
		WHERE spawn_id = @spawn`;
	const retried = [retry?.text ?? null, retry?.count ?? null, optionalTime(retry?.since ?? null)];
	const called = [openCall?.text ?? null, optionalTime(openCall?.since ?? null), optionalTime(lastCpuAt)];
	const denials = JSON.stringify(mergedDenials(listDenials(store, spawn)));
	statement(store, query).run(...retried, ...called, denials, {spawn});
}

/** The denials of each attempt of a spawn. */
function listDenials(store: Store, spawn: SpawnId): readonly (readonly Denial[])[] {
	const query = 'SELECT denials FROM raid_attempts WHERE spawn_id = ? ORDER BY attempt';
	const rows = statement<[string], string>(store, query).pluck().all(spawn);
	return rows.map(readDenials);
}

function optionalTime(at: Instant | null): string | null {
	return at === null ? null : isoTime(at);
}

/** Records where the CLI keeps the session file of an attempt. */
export function setSessionFile(store: Store, {spawn, attempt}: AttemptName, path: string, at: Instant): void {
	record(store, {kind: 'session-file-found', at, spawn, attempt, path}, () =>
		statement(store, 'UPDATE raid_spawns SET session_file = ? WHERE spawn_id = ?').run(path, spawn),
	);
}

/** The attempts of all spawns, or of one, by spawn; each spawn's in their order. */
export function listAttempts(store: Store, id?: SpawnId): ReadonlyMap<SpawnId, readonly AttemptRecord[]> {
	const query = `
		SELECT spawn_id AS spawn, attempt, pid, ${instant('started_at')} AS startedAt, ${instant('ended_at')} AS endedAt,
			${instant('last_output_at')} AS lastOutputAt, exit_code AS exitCode, signal, failure, is_parked AS isParked,
			session_id AS sessionId, tokens_in AS tokensIn, tokens_out AS tokensOut, cost_usd AS costUsd, denials
		FROM raid_attempts ${id === undefined ? '' : 'WHERE spawn_id = @id'} ORDER BY spawn_id, attempt`;
	type Row = Omit<AttemptRecord, 'isParked' | 'denials'> & {spawn: SpawnId; isParked: 0 | 1; denials: string};
	const bySpawn = new Map<SpawnId, AttemptRecord[]>();
	for (const {spawn, ...row} of statement<{id: SpawnId | undefined}, Row>(store, query).all({id})) {
		const attempt = {
			...row,
			denials: readDenials(row.denials),
			isParked: row.isParked === 1,
			tokensIn: readNumber(row.tokensIn),
			tokensOut: readNumber(row.tokensOut),
			costUsd: readNumber(row.costUsd),
		};
		const known = bySpawn.get(spawn);
		if (known === undefined) bySpawn.set(spawn, [attempt]);
		else known.push(attempt);
	}
	return bySpawn;
}

/** The usage of all other attempts of a session, in any spawn: a CLI that resumes may count it again. */
export function usageOfSession(store: Store, sessionId: string, {spawn, attempt}: AttemptName): Usage {
	const query = `
		SELECT ifnull(sum(tokens_in), 0) AS input, ifnull(sum(tokens_out), 0) AS output,
			ifnull(sum(cost_usd), 0) AS costUsd
		FROM raid_attempts WHERE session_id = ? AND NOT (spawn_id = ? AND attempt = ?)`;
	const usage = statement<[string, string, number], Usage>(store, query).get(sessionId, spawn, attempt);
	return usage ?? {input: 0, output: 0, costUsd: 0};
}

/** The session of an agent's last spawn in a channel; null when that did not end well, or has none. */
export function lastSessionOf(store: Store, {agent, channel, provider}: Spawn): string | null {
	const query = `
		SELECT iif(status = 'completed' AND provider = ?, session_id, NULL)
		FROM spawns JOIN raid_spawns ON spawn_id = id
		WHERE agent_id = (SELECT agent_id FROM agents WHERE identity = ?)
			AND channel_id = (SELECT channel_id FROM channels WHERE name = ?)
			AND status NOT IN ('pending', 'running')
		ORDER BY sequence DESC LIMIT 1`;
	return (
		statement<[string, string, string], string | null>(store, query).pluck().get(provider, agent, channel) ??
		null
	);
}

/** How many attempts of a spawn failed, and how many were stopped by its quota. */
export function countAttempts(store: Store, id: SpawnId): {readonly failed: number; readonly parked: number} {
	const query = `
		SELECT count(*) FILTER (WHERE failure IS NOT NULL AND NOT is_parked) AS failed,
			count(*) FILTER (WHERE is_parked) AS parked
		FROM raid_attempts WHERE spawn_id = ?`;
	return (
		statement<[string], {failed: number; parked: number}>(store, query).get(id) ?? {failed: 0, parked: 0}
	);
}
