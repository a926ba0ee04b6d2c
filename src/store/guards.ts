import type {GuardFacts} from '../model/mention.ts';
import type {SpawnId} from '../model/spawn.ts';
import {isOnHold} from './holds.ts';
import type {Store} from './open.ts';
import {statement} from './statements.ts';

/** The facts that the guards go by, besides the leash, for a mention of `mentioned` by a spawn or an agent. */
export function readGuard(
	store: Store,
	channel: string,
	mentioned: string,
	sender: {readonly identity: string; readonly spawnId: SpawnId | null},
): Omit<GuardFacts, 'spawnsLeft'> {
	const {since, failuresInARow} = readChannel(store, channel);
	return {
		isSenderDone:
			sender.spawnId === null
				? isDone(store, channel, sender.identity, since)
				: isSpawnDone(store, sender.spawnId, since),
		isMentionedDone: isDone(store, channel, mentioned, since),
		failuresInARow,
		providerFailuresInARow: countProviderFailures(store, channel, mentioned, since),
		isOnHold: isOnHold(store, channel, mentioned),
	};
}

/** `since`: the sequence of the last human message. Unlike times, sequences never go back. */
function readChannel(store: Store, name: string): {since: number; failuresInARow: number} {
	const query = `
		SELECT human_sequence AS since, failures_in_a_row AS failuresInARow
		FROM channels JOIN raid_channels USING (channel_id) WHERE name = ?`;
	const row = statement<[string], {since: number; failuresInARow: number}>(store, query).get(name);
	return row ?? {since: 0, failuresInARow: 0};
}

// A message that says "blocked" calls a human without being done.
const isSettling = `outcome = 'called' AND claim IS NOT 'blocked'`;

/** True when the agent has called a human in the channel since a human last spoke there. */
function isDone(store: Store, channel: string, identity: string, since: number): boolean {
	const query = `
		SELECT 1 FROM raid_messages JOIN messages USING (message_id) JOIN raid_mentions USING (message_id)
		WHERE posted_in = (SELECT channel_id FROM channels WHERE name = ?) AND raid_messages.sequence > ?
			AND ${isSettling}
			AND agent_id = (SELECT agent_id FROM agents WHERE identity = ?) LIMIT 1`;
	return statement<[string, number, string]>(store, query).get(channel, since, identity) !== undefined;
}

/** True when the spawn itself has called a human since a human last spoke in its channel. */
function isSpawnDone(store: Store, spawnId: SpawnId, since: number): boolean {
	const query = `
		SELECT 1 FROM raid_messages JOIN raid_mentions USING (message_id)
		WHERE raid_messages.spawn_id = ? AND raid_messages.sequence > ? AND ${isSettling} LIMIT 1`;
	return statement<[string, number]>(store, query).get(spawnId, since) !== undefined;
}

/**
 * Spawns of the agent's provider that failed in the channel with a cause of the provider, since its last success there and
 * since a human last spoke there.
 */
function countProviderFailures(store: Store, channel: string, identity: string, since: number): number {
	const query = `
		WITH own AS (
			SELECT status, cause, ours.sequence FROM spawns JOIN raid_spawns AS ours ON spawn_id = id
			WHERE channel_id = (SELECT channel_id FROM channels WHERE name = ?) AND ours.sequence > ?
				AND provider = (SELECT provider FROM raid_agents JOIN agents USING (agent_id) WHERE identity = ?)
		)
		SELECT count(*) FROM own
		WHERE cause IS NOT NULL AND sequence > ifnull((SELECT max(sequence) FROM own WHERE status = 'completed'), 0)`;
	return statement<[string, number, string], number>(store, query).pluck().get(channel, since, identity) ?? 0;
}
