import type {EndStatus, ProcessIdentity, SpawnId, Status} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import {endSpawn, markKilled, markTombstone} from './life.ts';
import {listMentions, settleMention} from './mentions.ts';
import {type Store, writing} from './open.ts';
import {instant, isoTime} from './time.ts';

// A store of an older schema, on which supervisors of that version may be at work. Here is only what a stop needs. Before
// 003-log there was no log of ours: nothing is recorded then.

/** A spawn as the schema before knew it. */
export interface OldSpawn {
	readonly id: SpawnId;
	readonly parentId: SpawnId | null;
	readonly agent: string;
	readonly provider: string;
	readonly status: Status;
	readonly process: ProcessIdentity | null;
	readonly supervisor: ProcessIdentity | null;
	/** When its quota is back; null unless it was parked. */
	readonly resumeAt: Instant | null;
}

interface OldRow extends Omit<OldSpawn, 'process' | 'supervisor'> {
	readonly pid: number | null;
	readonly processStarted: string | null;
	readonly supervisorPid: number | null;
	readonly supervisorStarted: string | null;
}

/** Every spawn of an old store, oldest first. */
export function listOldSpawns(store: Store): readonly OldSpawn[] {
	const query = `
		SELECT id, parent_spawn_id AS parentId, identity AS agent, provider, status, pid,
			process_started AS processStarted, supervisor_pid AS supervisorPid, supervisor_started AS supervisorStarted,
			${instant('resume_at')} AS resumeAt
		FROM spawns JOIN raid_spawns ON spawn_id = id JOIN agents USING (agent_id) ORDER BY spawns.rowid`;
	return store
		.prepare<[], OldRow>(query)
		.all()
		.map(({pid, processStarted, supervisorPid, supervisorStarted, ...spawn}) => ({
			...spawn,
			process: identityOf(pid, processStarted),
			supervisor: identityOf(supervisorPid, supervisorStarted),
		}));
}

function identityOf(pid: number | null, started: string | null): ProcessIdentity | null {
	return pid === null || started === null ? null : {pid, started};
}

/** The marks that a stop leaves in an old store. */
export interface OldMarks {
	/** Live spawns that are to end. */
	readonly ended: readonly SpawnId[];
	/** Spawns that start nothing any more. */
	readonly tombstones: readonly SpawnId[];
	/** Holds the mentions that wait for running spawns. */
	readonly holdsQueued: boolean;
}

/** True for a store that has a log already, in which all that changes must be. */
function hasLog(store: Store): boolean {
	return store.prepare(`SELECT 1 FROM raid_migrations WHERE name = '003-log'`).get() !== undefined;
}

/** Marks spawns as killed: their supervisors see it and end them. Those that wait end at once. */
export function markOldKilled(store: Store, marks: OldMarks, by: string, at: Instant): void {
	const ended = JSON.stringify(marks.ended);
	writing(store, () => {
		if (hasLog(store)) return markInLog(store, marks, by, at);
		store
			.prepare('UPDATE raid_spawns SET is_tombstone = 1 WHERE spawn_id IN (SELECT value FROM json_each(?))')
			.run(JSON.stringify(marks.tombstones));
		store
			.prepare(`
				UPDATE raid_spawns SET killed_by = ifnull(killed_by, ?)
				WHERE spawn_id IN (SELECT value FROM json_each(?))`)
			.run(by, ended);
		if (marks.holdsQueued) {
			store.exec(`
				UPDATE raid_mentions SET outcome = 'held', reason = 'stopped' WHERE outcome = 'queued' AND spawn_id IS NULL`);
		}
		for (const id of marks.ended) endOldSpawn(store, id, 'pending', 'killed', at);
	});
}

function markInLog(store: Store, {ended, tombstones, holdsQueued}: OldMarks, by: string, at: Instant): void {
	for (const id of tombstones) markTombstone(store, id, at);
	for (const id of ended) markKilled(store, id, by, at);
	const queued = listMentions(store).filter(({outcome, spawnId}) => outcome === 'queued' && spawnId === null);
	for (const mention of holdsQueued ? queued : []) {
		settleMention(store, {...mention, outcome: 'held', reason: 'stopped'}, {by, at});
	}
	for (const id of ended) endOldSpawn(store, id, 'pending', 'killed', at);
}

/** Ends a spawn of an old store that is in the status `from`, and says so in its log of that time. */
export function endOldSpawn(
	store: Store,
	id: SpawnId,
	from: 'pending' | 'running',
	status: EndStatus,
	at: Instant,
): void {
	writing(store, () => {
		if (hasLog(store)) {
			const isFrom = store.prepare('SELECT 1 FROM spawns WHERE id = ? AND status = ?').get(id, from);
			if (isFrom !== undefined) endSpawn(store, id, {status, failure: null}, at);
			return;
		}
		const query = 'UPDATE spawns SET status = ?, ended_at = ? WHERE id = ? AND status = ?';
		if (store.prepare(query).run(status, isoTime(at), id, from).changes === 0) return;
		store
			.prepare(`
				INSERT INTO raid_events (at, kind, spawn_id, channel_id, detail)
				VALUES (?, 'ended', ?, (SELECT channel_id FROM spawns WHERE id = ?), ?)`)
			.run(isoTime(at), id, id, status);
	});
}
