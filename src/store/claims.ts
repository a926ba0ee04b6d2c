import type {Engine} from '../model/event.ts';
import type {HoldReason} from '../model/mention.ts';
import type {Habitat, ProcessIdentity, SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import {isHeld} from './holds.ts';
import {type Store, writing} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';
import {isoTime} from './time.ts';

// The rules for who may run a spawn, and when. Each change is one statement, so that of two who try one wins.

/**
 * The conditions under which a pending spawn may start. The habitat is the present one: a spawn that waited through a
 * reboot, or that belongs elsewhere, does not start by itself.
 */
export interface StartConditions extends Habitat {
	readonly maxLive: number;
	/** When everything was last stopped: what was asked for before does not start by itself. Null when it never was. */
	readonly stoppedAt: Instant | null;
	readonly at: Instant;
}

/** SQL: true for a spawn that a human asked for. An operator's retry is a human's doing as well. */
export const isHumanTriggered = `(
	EXISTS (SELECT 1 FROM raid_spawns WHERE raid_spawns.spawn_id = spawns.id AND retry_of IS NOT NULL)
	OR EXISTS (
		SELECT 1 FROM raid_mentions JOIN messages USING (message_id) JOIN agents USING (agent_id)
		WHERE raid_mentions.spawn_id = spawns.id AND agents.model IS NULL
	)
)`;

const isSpawnHeld = isHeld(
	'(SELECT name FROM channels WHERE channels.channel_id = spawns.channel_id)',
	'(SELECT identity FROM agents WHERE agents.agent_id = spawns.agent_id)',
);

/** SQL: true for a row of `raid_spawns` whose processes cannot be judged from here, as `isElsewhere` of the model has it. */
export const isElsewhere = `ifnull(
	raid_spawns.machine <> @machine OR (raid_spawns.boot = @boot AND raid_spawns.namespace <> @namespace), 0)`;

// A hold stops the spawns that agents asked for, never those that a human asked for. A spawn that is held or parked takes no slot.
const isReady = `status = 'pending'
	AND EXISTS (SELECT 1 FROM raid_spawns WHERE spawn_id = spawns.id AND hold IS NULL AND boot = @boot AND NOT ${isElsewhere}
		AND killed_by IS NULL AND (resume_at IS NULL OR resume_at <= @now)
		AND (@stoppedAt IS NULL OR max(spawns.created_at, ifnull(released_at, '')) > @stoppedAt))
	AND (${isHumanTriggered} OR NOT ${isSpawnHeld})`;

const running = `(
	SELECT count(*) FROM spawns JOIN raid_spawns ON raid_spawns.spawn_id = id WHERE status = 'running' AND NOT ${isElsewhere})`;

const mayStart = `${isReady} AND ${running} < @maxLive`;

function columnsOf({stoppedAt, at, ...conditions}: StartConditions): object {
	return {...conditions, now: isoTime(at), stoppedAt: stoppedAt === null ? null : isoTime(stoppedAt)};
}

/** How many slots are taken, or will be in a moment: by running spawns, and by those that are ready to run. */
export function countSlotsTaken(store: Store, conditions: StartConditions): number {
	const query = `SELECT ${running} + (SELECT count(*) FROM spawns WHERE ${isReady})`;
	return statement<object, number>(store, query).pluck().get(columnsOf(conditions)) ?? 0;
}

/** Makes a pending spawn running, if it may start and there is a slot. False when it may not, or another supervisor was first. */
export function claimSpawn(
	store: Store,
	id: SpawnId,
	supervisor: ProcessIdentity,
	conditions: StartConditions,
): boolean {
	return writing(store, () => {
		const engine = engineOf(store, id);
		if (engine === null) return false;
		return record(store, {kind: 'spawn-claimed', at: conditions.at, spawn: id, supervisor, ...engine}, () => {
			const query = `UPDATE spawns SET status = 'running' WHERE id = @id AND ${mayStart}`;
			const claimed = statement<object>(store, query).run({id, ...columnsOf(conditions)});
			if (claimed.changes === 0) return false;
			setSupervisor(store, id, supervisor);
			const {provider, model, role} = engine;
			const ours = 'UPDATE raid_spawns SET provider = ?, model = ?, role = ? WHERE spawn_id = ?';
			return statement(store, ours).run(provider, model, role, id);
		});
	});
}

/** The agent as it is now: it may have been changed while the spawn waited. */
function engineOf(store: Store, id: SpawnId): Engine | null {
	const query = `
		SELECT ifnull(raid_agents.provider, raid_spawns.provider) AS provider, agents.model, agents.role
		FROM spawns JOIN raid_spawns ON spawn_id = id JOIN agents USING (agent_id) JOIN raid_agents USING (agent_id)
		WHERE id = ?`;
	return statement<[string], Engine>(store, query).get(id) ?? null;
}

/** The pending spawns that may start, as many as there are slots: a human's before an agent's, then oldest first. */
export function listStartable(store: Store, conditions: StartConditions): readonly SpawnId[] {
	const query = `
		SELECT id FROM spawns JOIN raid_spawns AS ours ON ours.spawn_id = id WHERE ${mayStart}
		ORDER BY ${isHumanTriggered} DESC, ours.sequence
		LIMIT max(0, @maxLive - ${running})`;
	return statement<object, SpawnId>(store, query).pluck().all(columnsOf(conditions));
}

/** Puts a new supervisor in place of a dead one. False when another one was first, or the spawn has ended. */
export function adoptSpawn(
	store: Store,
	id: SpawnId,
	supervisor: ProcessIdentity,
	dead: ProcessIdentity | null,
	at: Instant,
): boolean {
	return record(store, {kind: 'spawn-adopted', at, spawn: id, supervisor}, () => {
		const query = `
			UPDATE raid_spawns SET supervisor_pid = ?, supervisor_started = ?
			WHERE spawn_id = ? AND supervisor_pid IS ? AND supervisor_started IS ?
				AND (SELECT status FROM spawns WHERE id = spawn_id) = 'running'`;
		const {pid, started} = supervisor;
		const before = [dead?.pid ?? null, dead?.started ?? null];
		return statement(store, query).run(pid, started, id, ...before).changes === 1;
	});
}

/** Gives a claim back, so that the spawn is pending again. False when it is not running. */
export function unclaimSpawn(store: Store, id: SpawnId, at: Instant): boolean {
	return record(store, {kind: 'spawn-unclaimed', at, spawn: id}, () => makePending(store, id));
}

/** Makes a running spawn wait for its quota; its slot is free until then. False when it is not running. */
export function parkSpawn(store: Store, id: SpawnId, resumeAt: Instant, at: Instant): boolean {
	return record(store, {kind: 'spawn-parked', at, spawn: id, resumeAt}, () => {
		if (!makePending(store, id)) return false;
		statement(store, 'UPDATE spawns SET pid = NULL WHERE id = ?').run(id);
		const query = 'UPDATE raid_spawns SET process_started = NULL, resume_at = ? WHERE spawn_id = ?';
		return statement(store, query).run(isoTime(resumeAt), id);
	});
}

function makePending(store: Store, id: SpawnId): boolean {
	const query = `UPDATE spawns SET status = 'pending' WHERE id = ? AND status = 'running'`;
	if (statement(store, query).run(id).changes === 0) return false;
	setSupervisor(store, id, null);
	return true;
}

function setSupervisor(store: Store, id: SpawnId, supervisor: ProcessIdentity | null): void {
	const query = 'UPDATE raid_spawns SET supervisor_pid = ?, supervisor_started = ? WHERE spawn_id = ?';
	statement(store, query).run(supervisor?.pid ?? null, supervisor?.started ?? null, id);
}

/**
 * Holds a pending spawn, and in the ledger the mentions that it would answer, until the operator releases it. False when
 * it is held already, or not pending.
 */
export function holdSpawn(store: Store, id: SpawnId, reason: HoldReason, at: Instant): boolean {
	return record(store, {kind: 'spawn-held', at, spawn: id, reason}, () => {
		const query = `
			UPDATE raid_spawns SET hold = ? WHERE spawn_id = ? AND hold IS NULL
				AND (SELECT status FROM spawns WHERE id = spawn_id) = 'pending'`;
		if (statement(store, query).run(reason, id).changes === 0) return false;
		const mentions = `
			UPDATE raid_mentions SET outcome = 'held', reason = ?, decided_at = ? WHERE spawn_id = ?`;
		return statement(store, mentions).run(reason, isoTime(at), id);
	});
}

/** Ends the hold of a spawn, which belongs here from now on; in the ledger its mentions are launched. False without a hold. */
export function unholdSpawn(
	store: Store,
	id: SpawnId,
	{machine, boot, namespace}: Habitat,
	{by, at}: {readonly by: string; readonly at: Instant},
): boolean {
	return record(store, {kind: 'spawn-unheld', at, spawn: id, machine, boot, namespace, by}, () => {
		const query = `
			UPDATE raid_spawns SET hold = NULL, machine = ?, boot = ?, namespace = ?, released_at = ?
			WHERE spawn_id = ? AND hold IS NOT NULL`;
		if (statement(store, query).run(machine, boot, namespace, isoTime(at), id).changes === 0) return false;
		const mentions = `
			UPDATE raid_mentions SET outcome = 'launched', reason = NULL, decided_at = ?
			WHERE spawn_id = ? AND outcome = 'held'`;
		return statement(store, mentions).run(isoTime(at), id);
	});
}
