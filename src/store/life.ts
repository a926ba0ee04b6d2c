import type {Engine, SpawnParentage} from '../model/event.ts';
import type {EndStatus, FailureCause, ProcessIdentity, SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {writing} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';
import {isoTime} from './time.ts';

// From the creation of a spawn to its end.

/** The parts of a new spawn. */
export interface NewSpawn extends SpawnParentage, Engine {
	readonly id: SpawnId;
	readonly channel: string;
	readonly createdAt: Instant;
}

/** Adds a pending spawn. */
export function addSpawn(store: Store, {id, createdAt, ...spawn}: NewSpawn): void {
	const {agent, parentId, channel} = spawn;
	record(store, {kind: 'spawn-created', at: createdAt, spawn: id, ...spawn}, sequence => {
		const query = `
			INSERT INTO spawns (id, agent_id, parent_spawn_id, channel_id, status, created_at)
			VALUES (?, (SELECT agent_id FROM agents WHERE identity = ?), ?,
				(SELECT channel_id FROM channels WHERE name = ?), 'pending', ?)`;
		statement(store, query).run(id, agent, parentId, channel, isoTime(createdAt));
		const ours = `
			INSERT INTO raid_spawns (spawn_id, sequence, machine, boot, namespace, message_id, root_message_id, retry_of,
				provider, model, role)
			VALUES (@id, @sequence, @machine, @boot, @namespace, @messageId, @rootMessageId, @retryOf, @provider, @model,
				@role)`;
		statement<object>(store, ours).run({id, sequence, ...spawn});
		statement(store, 'UPDATE agents SET spawn_count = spawn_count + 1 WHERE identity = ?').run(agent);
	});
}

/** Records the SHA-256 of the instructions that the spawn was given. */
export function setConstitutionHash(store: Store, id: SpawnId, hash: string, at: Instant): void {
	record(store, {kind: 'constitution-given', at, spawn: id, hash}, () =>
		statement(store, 'UPDATE spawns SET constitution_hash = ? WHERE id = ?').run(hash, id),
	);
}

/** Asks for the end of a live spawn. False when it has ended already; the first who asks is recorded. */
export function markKilled(store: Store, id: SpawnId, by: string, at: Instant): boolean {
	return writing(store, () => {
		const query = `SELECT 1 FROM spawns WHERE id = ? AND status IN ('pending', 'running')`;
		if (statement<[string]>(store, query).get(id) === undefined) return false;
		record(store, {kind: 'kill-asked', at, spawn: id, by}, () => {
			const query = 'UPDATE raid_spawns SET killed_by = ? WHERE spawn_id = ? AND killed_by IS NULL';
			return statement(store, query).run(by, id).changes === 1;
		});
		return true;
	});
}

/** Records which processes belong to a live spawn, so that a kill finds them when they have left it. */
export function setSeenProcesses(
	store: Store,
	id: SpawnId,
	processes: readonly ProcessIdentity[],
	at: Instant,
): boolean {
	return record(store, {kind: 'processes-seen', at, spawn: id, processes}, () => {
		const query =
			'UPDATE raid_spawns SET seen_processes = @json WHERE spawn_id = @id AND seen_processes <> @json';
		return statement<object>(store, query).run({id, json: JSON.stringify(processes)}).changes === 1;
	});
}

/** Lets a spawn of a killed chain start nothing any more, whether it lives or has ended. */
export function markTombstone(store: Store, id: SpawnId, at: Instant): boolean {
	return record(store, {kind: 'chain-killed', at, spawn: id}, () => {
		const query = 'UPDATE raid_spawns SET is_tombstone = 1 WHERE spawn_id = ? AND is_tombstone = 0';
		return statement(store, query).run(id).changes === 1;
	});
}

/** Records that a supervisor was ended because it did not move, with the evidence. */
export function noteStuck(
	store: Store,
	id: SpawnId,
	stuck: {readonly supervisor: ProcessIdentity; readonly evidence: string},
	at: Instant,
): void {
	record(store, {kind: 'supervisor-stuck', at, spawn: id, ...stuck}, () => {});
}

/** How a spawn ends. */
export interface SpawnEnd {
	readonly status: EndStatus;
	/** Why it failed; null unless it did. */
	readonly failure: string | null;
	/** What the failure says of its provider; by default nothing. */
	readonly cause?: FailureCause | null;
}

/** Ends a live spawn; one that was asked to end is `killed`, however it ended. False when it had ended already. */
export function endSpawn(
	store: Store,
	id: SpawnId,
	{status, failure, cause = null}: SpawnEnd,
	at: Instant,
): boolean {
	return writing(store, () => {
		const query = `
			SELECT name AS channel, killed_by AS killedBy FROM spawns JOIN raid_spawns ON spawn_id = id
				JOIN channels USING (channel_id)
			WHERE id = ? AND status IN ('pending', 'running')`;
		const live = statement<[string], {channel: string; killedBy: string | null}>(store, query).get(id);
		if (live === undefined) return false;
		const {channel, killedBy} = live;
		const ending = {status: killedBy === null ? status : 'killed', failure, cause} as const;
		return record(store, {kind: 'spawn-ended', at, spawn: id, channel, ...ending}, () => {
			const ended = 'UPDATE spawns SET ended_at = ?, status = ? WHERE id = ?';
			statement(store, ended).run(isoTime(at), ending.status, id);
			statement(store, 'UPDATE raid_spawns SET failure = ?, cause = ? WHERE spawn_id = ?').run(
				failure,
				cause,
				id,
			);
			if (cause === null) countFailure(store, channel, ending.status);
		});
	});
}

/** Failures in a row open the breaker, and a success ends the row. A kill is neither, nor is a failure with a cause of its provider. */
function countFailure(store: Store, channel: string, status: EndStatus): void {
	if (status === 'killed') return;
	const query = `
		UPDATE raid_channels SET failures_in_a_row = iif(? = 'completed', 0, failures_in_a_row + 1)
		WHERE channel_id = (SELECT channel_id FROM channels WHERE name = ?)`;
	statement(store, query).run(status, channel);
}
