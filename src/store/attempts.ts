import type {Exit} from '../model/attempt.ts';
import type {ProcessIdentity, SpawnId} from '../model/spawn.ts';
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
	// The process of the attempt before is no longer the spawn's.
	if (began) store.prepare('UPDATE spawns SET pid = NULL WHERE id = ?').run(id);
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

/** How many attempts of a spawn failed, and how many were stopped by its quota. */
export function countAttempts(store: Store, id: SpawnId): {readonly failed: number; readonly parked: number} {
	const query = `
		SELECT count(*) FILTER (WHERE failure IS NOT NULL AND NOT is_parked) AS failed,
			count(*) FILTER (WHERE is_parked) AS parked
		FROM raid_attempts WHERE spawn_id = ?`;
	return store.prepare<[string], {failed: number; parked: number}>(query).get(id) ?? {failed: 0, parked: 0};
}
