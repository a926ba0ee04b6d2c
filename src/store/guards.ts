import {systemIdentity} from '../model/agent.ts';
import type {GuardFacts} from '../model/mention.ts';
import type {SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {isoTime} from './time.ts';

/** Rows as numbers count commits: unlike times they never go back. 0 when no human has spoken. */
export function lastHumanRow(store: Store, channel: string): number {
	const query = `
		SELECT max((SELECT max(messages.rowid) FROM messages
			WHERE messages.agent_id = agents.agent_id AND channel_id = (SELECT channel_id FROM channels WHERE name = ?)))
		FROM agents WHERE model IS NULL AND identity <> '${systemIdentity}'`;
	return store.prepare<[string], number | null>(query).pluck().get(channel) ?? 0;
}

/** True when the agent has called a human in the channel since a human last spoke there. */
export function isDone(store: Store, channel: string, identity: string): boolean {
	const query = `
		SELECT 1 FROM messages JOIN raid_mentions USING (message_id)
		WHERE channel_id = (SELECT channel_id FROM channels WHERE name = ?)
			AND agent_id = (SELECT agent_id FROM agents WHERE identity = ?)
			AND messages.rowid > ? AND outcome = 'called' LIMIT 1`;
	return store.prepare(query).get(channel, identity, lastHumanRow(store, channel)) !== undefined;
}

/** True when the spawn itself has called a human since a human last spoke in its channel. */
export function isSpawnDone(store: Store, channel: string, spawnId: SpawnId): boolean {
	const query = `
		SELECT 1 FROM raid_messages JOIN messages USING (message_id) JOIN raid_mentions USING (message_id)
		WHERE raid_messages.spawn_id = ? AND messages.rowid > ? AND outcome = 'called' LIMIT 1`;
	return store.prepare(query).get(spawnId, lastHumanRow(store, channel)) !== undefined;
}

/** Spawns that agents have triggered in the channel since a human last spoke there. */
export function countAgentSpawns(store: Store, channel: string): number {
	const query = `
		SELECT count(*) FROM messages JOIN raid_spawns USING (message_id)
		WHERE channel_id = (SELECT channel_id FROM channels WHERE name = ?) AND messages.rowid > ?`;
	return (
		store.prepare<[string, number], number>(query).pluck().get(channel, lastHumanRow(store, channel)) ?? 0
	);
}

/** Spawns of the channel that failed one after the other, since a success, a human message or a release. */
export function countFailuresInARow(store: Store, channel: string): number {
	const query = `
		WITH events AS (
			SELECT event_id, kind, detail FROM raid_events
			WHERE channel_id = (SELECT channel_id FROM channels WHERE name = ?) AND kind IN ('ended', 'spoke', 'breaker closed')
		)
		SELECT count(*) FROM events WHERE kind = 'ended' AND detail IN ('failed', 'timeout') AND event_id > (
			SELECT ifnull(max(event_id), 0) FROM events WHERE kind <> 'ended' OR detail = 'completed'
		)`;
	return store.prepare<[string], number>(query).pluck().get(channel) ?? 0;
}

/** True when the operator holds the channel, or all of them. */
export function isOnHold(store: Store, channel: string): boolean {
	const query = `SELECT 1 FROM raid_holds WHERE channel_id IN ('', (SELECT channel_id FROM channels WHERE name = ?))`;
	return store.prepare(query).get(channel) !== undefined;
}

/** What the guards know, for a mention of `mentioned` by a spawn or an agent. */
export function readGuard(
	store: Store,
	channel: string,
	mentioned: string,
	sender: {readonly identity: string; readonly spawnId: SpawnId | null},
): GuardFacts {
	return {
		isSenderDone:
			sender.spawnId === null
				? isDone(store, channel, sender.identity)
				: isSpawnDone(store, channel, sender.spawnId),
		isMentionedDone: isDone(store, channel, mentioned),
		agentSpawns: countAgentSpawns(store, channel),
		failuresInARow: countFailuresInARow(store, channel),
		isOnHold: isOnHold(store, channel),
	};
}

/** Holds a channel, or all of them when it is null. */
export function addHold(store: Store, channel: string | null, by: string, at: Instant): void {
	const query = `
		INSERT INTO raid_holds (channel_id, held_by, held_at)
		VALUES (ifnull((SELECT channel_id FROM channels WHERE name = ?), ''), ?, ?) ON CONFLICT DO NOTHING`;
	store.prepare(query).run(channel, by, isoTime(at));
}

/** Ends the hold of a channel; of every one, and of all together, when it is null. */
export function removeHold(store: Store, channel: string | null): void {
	const query = `DELETE FROM raid_holds WHERE @channel IS NULL OR channel_id = (SELECT channel_id FROM channels WHERE name = @channel)`;
	store.prepare(query).run({channel});
}

/** The names of the channels that are on hold; `'*'` stands for all of them. */
export function listHolds(store: Store): readonly string[] {
	const query = `SELECT ifnull(name, '*') FROM raid_holds LEFT JOIN channels USING (channel_id)`;
	return store.prepare<[], string>(query).pluck().all();
}
