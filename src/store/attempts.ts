import type {Exit, Usage} from '../model/attempt.ts';
import type {ProcessIdentity, Spawn, SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {isoTime} from './time.ts';

/**
 * Records that an attempt is about to start, before it does: a crash leaves a trace. False when the spawn is no
 * longer this supervisor's to run, or was asked to end.
 */
export function beginAttempt(
	store: Store,
	id: SpawnId,
	attempt: number,
	supervisor: ProcessIdentity,
	at: Instant,
): boolean {
	const query = `
		INSERT INTO raid_attempts (spawn_id, attempt, started_at)
		SELECT id, ?, ? FROM spawns JOIN raid_spawns ON spawn_id = id
		WHERE id = ? AND status = 'running' AND killed_by IS NULL AND supervisor_pid = ? AND supervisor_started = ?`;
	const began =
		store.prepare(query).run(attempt, isoTime(at), id, supervisor.pid, supervisor.started).changes === 1;
	// What the attempt before had is no longer the spawn's.
	if (began) {
		store.prepare('UPDATE spawns SET pid = NULL, session_id = NULL WHERE id = ?').run(id);
		const query = `UPDATE raid_spawns SET transcript = NULL, retry_text = NULL, retry_count = NULL, retry_since = NULL
			WHERE spawn_id = ?`;
		store.prepare(query).run(id);
	}
	return began;
}

/** Records the process of an attempt. */
export function setAttemptPid(store: Store, id: SpawnId, attempt: number, pid: number): void {
	store.prepare('UPDATE raid_attempts SET pid = ? WHERE spawn_id = ? AND attempt = ?').run(pid, id, attempt);
}

/** How an attempt ended. */
export interface AttemptEnd {
	readonly exit: Exit;
	readonly failure: string | null;
	readonly endedAt: Instant;
	readonly lastOutputAt: Instant | null;
	/** It was stopped by its quota, which is no failure. */
	readonly isParked: boolean;
}

/** Records the end of an attempt. */
export function endAttempt(store: Store, id: SpawnId, attempt: number, end: AttemptEnd): void {
	const query = `
		UPDATE raid_attempts SET ended_at = ?, last_output_at = ?, exit_code = ?, signal = ?, failure = ?, is_parked = ?
		WHERE spawn_id = ? AND attempt = ?`;
	const {exit, failure, endedAt, lastOutputAt, isParked} = end;
	const outputAt = lastOutputAt === null ? null : isoTime(lastOutputAt);
	store
		.prepare(query)
		.run(isoTime(endedAt), outputAt, exit.exitCode, exit.signal, failure, Number(isParked), id, attempt);
}

/** What the output of an attempt has told so far. */
export interface Progress {
	readonly sessionId: string | null;
	/** Of this attempt alone. */
	readonly usage: Usage | null;
	readonly retry: Spawn['retry'];
}

/** Records session, usage and retries as the CLI reveals them; what it has not told stays. */
export function setProgress(
	store: Store,
	id: SpawnId,
	attempt: number,
	{sessionId, usage, retry}: Progress,
): void {
	const ofAttempt = `UPDATE raid_attempts SET session_id = ifnull(?, session_id), tokens_in = ifnull(?, tokens_in),
		tokens_out = ifnull(?, tokens_out), cost_usd = ifnull(?, cost_usd) WHERE spawn_id = ? AND attempt = ?`;
	const {input = null, output = null, costUsd = null} = usage ?? {};
	store.prepare(ofAttempt).run(sessionId, input, output, costUsd, id, attempt);
	store.prepare('UPDATE spawns SET session_id = ifnull(?, session_id) WHERE id = ?').run(sessionId, id);
	const ofSpawn = `
		UPDATE raid_spawns SET retry_text = ?, retry_count = ?, retry_since = ?, (tokens_in, tokens_out, cost_usd) =
			(SELECT sum(tokens_in), sum(tokens_out), sum(cost_usd) FROM raid_attempts WHERE spawn_id = @id)
		WHERE spawn_id = @id`;
	const since = retry === null ? null : isoTime(retry.since);
	store.prepare(ofSpawn).run(retry?.text ?? null, retry?.count ?? null, since, {id});
}

/** Records where the CLI keeps the session file of the latest attempt. */
export function setSessionFile(store: Store, id: SpawnId, path: string): void {
	store.prepare('UPDATE raid_spawns SET transcript = ? WHERE spawn_id = ?').run(path, id);
}

/** What all other attempts of a session, of whatever spawn, have used: a CLI that resumes may count it again. */
export function usageOfSession(store: Store, sessionId: string, id: SpawnId, attempt: number): Usage {
	const query = `
		SELECT ifnull(sum(tokens_in), 0) AS input, ifnull(sum(tokens_out), 0) AS output,
			ifnull(sum(cost_usd), 0) AS costUsd
		FROM raid_attempts WHERE session_id = ? AND NOT (spawn_id = ? AND attempt = ?)`;
	return store.prepare<[string, string, number], Required<Usage>>(query).get(sessionId, id, attempt) as Usage;
}

/** The session of an agent's last spawn in a channel; null when that did not end well, or has none. */
export function lastSessionOf(store: Store, {agent, channel, provider}: Spawn): string | null {
	const query = `
		SELECT iif(status = 'completed' AND provider = ?, session_id, NULL)
		FROM spawns JOIN raid_spawns ON spawn_id = id
		WHERE agent_id = (SELECT agent_id FROM agents WHERE identity = ?)
			AND channel_id = (SELECT channel_id FROM channels WHERE name = ?)
			AND status NOT IN ('pending', 'running')
		ORDER BY spawns.rowid DESC LIMIT 1`;
	return (
		store.prepare<[string, string, string], string | null>(query).pluck().get(provider, agent, channel) ??
		null
	);
}

/** How many attempts of a spawn failed, and how many were stopped by its quota. */
export function countAttempts(store: Store, id: SpawnId): {readonly failed: number; readonly parked: number} {
	const query = `
		SELECT count(*) FILTER (WHERE failure IS NOT NULL AND NOT is_parked) AS failed,
			count(*) FILTER (WHERE is_parked) AS parked
		FROM raid_attempts WHERE spawn_id = ?`;
	return store.prepare<[string], {failed: number; parked: number}>(query).get(id) ?? {failed: 0, parked: 0};
}
