import type {ProcessIdentity, SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {isoTime} from './time.ts';

// Who may run a spawn, and when: each change is one statement, so that of two who try one wins.

/** What decides whether a pending spawn may start. */
export interface StartConditions {
	readonly maxLive: number;
	/** The present boot: what waited through a reboot does not start by itself. */
	readonly boot: string;
	readonly at: Instant;
}

const isHumanTriggered = `EXISTS (
	SELECT 1 FROM raid_mentions JOIN messages USING (message_id) JOIN agents USING (agent_id)
	WHERE raid_mentions.spawn_id = spawns.id AND agents.model IS NULL
)`;

// A hold stops what agents asked for, never what a human did. What is held or parked takes no place.
const isReady = `status = 'pending'
	AND EXISTS (SELECT 1 FROM raid_spawns WHERE spawn_id = spawns.id AND hold IS NULL AND boot = @boot
		AND killed_by IS NULL AND (resume_at IS NULL OR resume_at <= @now))
	AND (${isHumanTriggered} OR NOT EXISTS (SELECT 1 FROM raid_holds WHERE channel_id IN ('', spawns.channel_id)))`;

const mayStart = `${isReady} AND (SELECT count(*) FROM spawns WHERE status = 'running') < @maxLive`;

/** How many places are taken, or will be in a moment: by what runs, and by what is ready to. */
export function countPlacesTaken(store: Store, {boot, at}: StartConditions): number {
	const query = `SELECT count(*) FROM spawns WHERE status = 'running' OR (${isReady})`;
	return (
		store
			.prepare<[object], number>(query)
			.pluck()
			.get({boot, now: isoTime(at)}) ?? 0
	);
}

/** Makes a pending spawn running, if it may start and there is a place. False when not, or somebody was first. */
export function claimSpawn(
	store: Store,
	id: SpawnId,
	supervisor: ProcessIdentity,
	{maxLive, boot, at}: StartConditions,
): boolean {
	const query = `UPDATE spawns SET status = 'running' WHERE id = @id AND ${mayStart}`;
	if (store.prepare(query).run({id, maxLive, boot, now: isoTime(at)}).changes === 0) return false;
	setSupervisor(store, id, supervisor);
	// The agent may have been changed while the spawn waited.
	const provider = `UPDATE raid_spawns SET provider = ifnull(
		(SELECT raid_agents.provider FROM raid_agents JOIN spawns USING (agent_id) WHERE id = spawn_id), provider)
		WHERE spawn_id = ?`;
	store.prepare(provider).run(id);
	return true;
}

/** The pending spawns that may start, as many as there are places: a human's before an agent's, then oldest first. */
export function listStartable(store: Store, {maxLive, boot, at}: StartConditions): readonly SpawnId[] {
	const query = `
		SELECT id FROM spawns WHERE ${mayStart} ORDER BY ${isHumanTriggered} DESC, rowid
		LIMIT max(0, @maxLive - (SELECT count(*) FROM spawns WHERE status = 'running'))`;
	return store
		.prepare<[object], SpawnId>(query)
		.pluck()
		.all({maxLive, boot, now: isoTime(at)});
}

/** Puts a new supervisor in place of a dead one. False when somebody was first, or the spawn has ended. */
export function adoptSpawn(
	store: Store,
	id: SpawnId,
	supervisor: ProcessIdentity,
	dead: ProcessIdentity | null,
): boolean {
	const query = `
		UPDATE raid_spawns SET supervisor_pid = ?, supervisor_started = ?
		WHERE spawn_id = ? AND supervisor_pid IS ? AND supervisor_started IS ?
			AND (SELECT status FROM spawns WHERE id = spawn_id) = 'running'`;
	const {pid, started} = supervisor;
	return store.prepare(query).run(pid, started, id, dead?.pid ?? null, dead?.started ?? null).changes === 1;
}

/** Gives a claim back, so that the spawn is pending again. */
export function releaseSpawn(store: Store, id: SpawnId): void {
	store.prepare(`UPDATE spawns SET status = 'pending' WHERE id = ? AND status = 'running'`).run(id);
	setSupervisor(store, id, null);
}

function setSupervisor(store: Store, id: SpawnId, supervisor: ProcessIdentity | null): void {
	const query = 'UPDATE raid_spawns SET supervisor_pid = ?, supervisor_started = ? WHERE spawn_id = ?';
	store.prepare(query).run(supervisor?.pid ?? null, supervisor?.started ?? null, id);
}

/** Makes a running spawn wait for its quota; its place is free until then. */
export function parkSpawn(store: Store, id: SpawnId, resumeAt: Instant): void {
	releaseSpawn(store, id);
	store.prepare('UPDATE spawns SET pid = NULL WHERE id = ?').run(id);
	store.prepare('UPDATE raid_spawns SET resume_at = ? WHERE spawn_id = ?').run(isoTime(resumeAt), id);
}

/** Holds a pending spawn, and in the ledger the mentions that it would answer, until the operator releases it. */
export function holdSpawn(store: Store, id: SpawnId, reason: string): void {
	store.prepare('UPDATE raid_spawns SET hold = ? WHERE spawn_id = ?').run(reason, id);
	store.prepare(`UPDATE raid_mentions SET outcome = 'held', reason = ? WHERE spawn_id = ?`).run(reason, id);
}

/** Ends the hold of a pending spawn; in the ledger its mentions are launched. */
export function unholdSpawn(store: Store, id: SpawnId, boot: string): void {
	store.prepare('UPDATE raid_spawns SET hold = NULL, boot = ? WHERE spawn_id = ?').run(boot, id);
	const query = `UPDATE raid_mentions SET outcome = 'launched', reason = NULL WHERE spawn_id = ? AND outcome = 'held'`;
	store.prepare(query).run(id);
}
