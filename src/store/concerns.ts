import type {RecordedEpisode} from '../model/alert.ts';
import {
	beginningOf,
	type Call,
	type Concerns,
	type DeniedSpawn,
	type Failure,
	freeingKinds,
	type HeldConcern,
	latestSpawnsAsked,
	type SessionlessSpawn,
} from '../model/concern.ts';
import type {Leash} from '../model/leash.ts';
import type {Limits} from '../model/limits.ts';
import type {SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import {isHumanTriggered} from './claims.ts';
import {readDenials} from './denials.ts';
import {readOpenings, rootOfMessage} from './leashes.ts';
import type {Store} from './open.ts';
import {statement} from './statements.ts';
import {instant} from './time.ts';

/** Everything in the whole store that needs a person or may start; in a read transaction. */
export function readConcerns(store: Store, {breaker, leash}: Limits): Omit<Concerns, 'sessionless'> {
	return {
		calls: listCalls(store),
		held: listHeld(store, leash),
		failures: listFailures(store),
		denied: listDenied(store),
		failuresInARow: readFailuresInARow(store, breaker),
		askedByHuman: readAskedByHuman(store),
		freedAt: readFreedAt(store),
		...readLastTimes(store),
		recorded: listEpisodes(store),
	};
}

/** Calls of humans by agents since a human last spoke in the channel, oldest first. */
function listCalls(store: Store): readonly Call[] {
	const query = `
		WITH calling (message_id) AS (
			SELECT message_id FROM raid_mentions WHERE outcome = 'called'
			UNION SELECT message_id FROM raid_messages WHERE claim IS NOT NULL
		)
		SELECT message_id AS messageId, channels.name AS channel, agents.identity AS agent, spawn_id AS spawnId, claim,
			substr(content, 1, 1000) AS text, ${instant('messages.created_at')} AS at
		FROM calling JOIN raid_messages USING (message_id) JOIN messages USING (message_id)
			JOIN channels USING (channel_id) JOIN raid_channels USING (channel_id) JOIN agents USING (agent_id)
		WHERE raid_messages.sequence > human_sequence AND agents.model IS NOT NULL
		ORDER BY raid_messages.sequence`;
	return statement<[], Call>(store, query)
		.all()
		.map(call => ({...call, text: beginningOf(call.text)}));
}

/** The mentions that are held, by when they were decided. */
function listHeld(store: Store, leash: Leash): readonly HeldConcern[] {
	const query = `
		SELECT channels.name AS channel, ifnull(reason, '') AS reason, ${instant('decided_at')} AS at,
			${rootOfMessage} AS root
		FROM raid_mentions JOIN messages USING (message_id) JOIN raid_messages USING (message_id)
			JOIN channels USING (channel_id)
		WHERE outcome = 'held' ORDER BY decided_at`;
	type Row = Omit<HeldConcern, 'startsAt'> & {readonly root: string | null};
	const rows = statement<[], Row>(store, query).all();
	const opensAt = readOpenings(store, leash);
	return rows.map(({root, ...held}) => ({
		...held,
		startsAt: held.reason === 'leash' ? opensAt(root) : null,
	}));
}

type FailureRow = Omit<Failure, 'isInARow'> & {readonly isInARow: 0 | 1};

/** Final failures since the last success of that agent in that channel, by their end. */
function listFailures(store: Store): readonly Failure[] {
	const query = `
		WITH successes AS (
			SELECT agent_id, channel_id, max(sequence) AS last FROM spawns JOIN raid_spawns ON spawn_id = id
			WHERE status = 'completed' GROUP BY agent_id, channel_id
		)
		SELECT spawns.id AS spawnId, identity AS agent, raid_spawns.provider, channels.name AS channel, failure, cause,
			${instant('ended_at')} AS at,
			raid_spawns.provider IS raid_agents.provider AND raid_spawns.sequence > ifnull(
				(SELECT max(last) FROM successes AS any_success WHERE any_success.agent_id = spawns.agent_id), 0) AS isInARow
		FROM spawns JOIN raid_spawns ON spawn_id = id JOIN agents USING (agent_id) JOIN raid_agents USING (agent_id)
			JOIN channels USING (channel_id)
			LEFT JOIN successes ON successes.agent_id = spawns.agent_id AND successes.channel_id = spawns.channel_id
		WHERE status IN ('failed', 'timeout') AND agents.archived_at IS NULL
			AND raid_spawns.sequence > ifnull(last, 0)
		ORDER BY ended_at, raid_spawns.sequence`;
	return statement<[], FailureRow>(store, query)
		.all()
		.map(row => ({...row, isInARow: row.isInARow === 1}));
}

/** The latest spawns of the agents of which one was refused something, oldest first. */
function listDenied(store: Store): readonly DeniedSpawn[] {
	const query = `
		WITH refused AS MATERIALIZED (
			SELECT DISTINCT agent_id FROM raid_spawns JOIN spawns ON id = spawn_id WHERE denials <> '[]'
		), latest AS (
			SELECT id, agent_id, channel_id, status, created_at, denials, sequence,
				row_number() OVER (PARTITION BY agent_id ORDER BY sequence DESC) AS place
			FROM refused JOIN spawns USING (agent_id) JOIN raid_spawns ON spawn_id = id
		)
		SELECT latest.id AS spawnId, identity AS agent, channels.name AS channel, ${instant('latest.created_at')} AS at,
			status = 'completed' AS hasSucceeded, denials
		FROM latest JOIN agents USING (agent_id) JOIN channels USING (channel_id)
		WHERE place <= ? AND agents.archived_at IS NULL ORDER BY latest.sequence`;
	type Row = Omit<DeniedSpawn, 'hasSucceeded' | 'denials'> & {hasSucceeded: 0 | 1; denials: string};
	return statement<[number], Row>(store, query)
		.all(latestSpawnsAsked)
		.map(row => ({...row, hasSucceeded: row.hasSucceeded === 1, denials: readDenials(row.denials)}));
}

/** Ended spawns of agents that never had a session with the provider that runs them, by their end. */
export function listSessionless(store: Store): readonly SessionlessSpawn[] {
	const query = `
		WITH without AS MATERIALIZED (
			SELECT agent_id, identity, ours.provider FROM agents JOIN raid_agents AS ours USING (agent_id)
			WHERE archived_at IS NULL AND NOT EXISTS (
				SELECT 1 FROM spawns JOIN raid_spawns ON raid_spawns.spawn_id = id
					JOIN raid_attempts ON raid_attempts.spawn_id = id
				WHERE spawns.agent_id = agents.agent_id AND raid_spawns.provider = ours.provider
					AND raid_attempts.session_id IS NOT NULL)
		)
		SELECT identity AS agent, without.provider, spawns.id AS spawnId, ${instant('ended_at')} AS at
		FROM without JOIN spawns USING (agent_id)
			JOIN raid_spawns ON raid_spawns.spawn_id = spawns.id AND raid_spawns.provider = without.provider
		WHERE status IN ('completed', 'failed', 'timeout')
			AND EXISTS (SELECT 1 FROM raid_attempts WHERE raid_attempts.spawn_id = spawns.id)
		ORDER BY ended_at`;
	return statement<[], SessionlessSpawn>(store, query).all();
}

/** For each channel in which so many spawns have failed in a row, when each of them ended, oldest first. */
function readFailuresInARow(store: Store, least: number): ReadonlyMap<string, readonly Instant[]> {
	const query = `
		SELECT name AS channel, channel_id AS channelId, failures_in_a_row AS count
		FROM raid_channels JOIN channels USING (channel_id)
		WHERE typeof(failures_in_a_row) = 'integer' AND failures_in_a_row >= ?`;
	type Row = {channel: string; channelId: string; count: number};
	const rows = statement<[number], Row>(store, query).all(least);
	return new Map(
		rows.map(({channel, channelId, count}) => [channel, endsOfFailures(store, channelId, count)]),
	);
}

function endsOfFailures(store: Store, channelId: string, count: number): readonly Instant[] {
	const query = `
		SELECT ${instant('ended_at')} FROM spawns JOIN raid_spawns ON spawn_id = id
		WHERE status IN ('failed', 'timeout') AND cause IS NULL AND channel_id = ? ORDER BY ended_at DESC LIMIT ?`;
	return statement<[string, number], Instant>(store, query).pluck().all(channelId, count).reverse();
}

function readAskedByHuman(store: Store): ReadonlySet<SpawnId> {
	const query = `SELECT id FROM spawns WHERE status = 'pending' AND ${isHumanTriggered}`;
	return new Set(statement<[], SpawnId>(store, query).pluck().all());
}

function readFreedAt(store: Store): Instant | null {
	const kinds = freeingKinds.map(kind => `'${kind}'`).join(', ');
	const query = `
		SELECT ${instant('at')} FROM raid_events WHERE kind IN (${kinds}) ORDER BY sequence DESC LIMIT 1`;
	return statement<[], Instant>(store, query).pluck().get() ?? null;
}

function readLastTimes(store: Store): Pick<Concerns, 'lastEndAt' | 'lastRunAt'> {
	const query = `
		SELECT (SELECT ${instant('max(ended_at)')} FROM spawns) AS lastEndAt,
			(SELECT ${instant('max(ended_at)')} FROM raid_attempts) AS lastRunAt`;
	const none = {lastEndAt: null, lastRunAt: null};
	return statement<[], Pick<Concerns, 'lastEndAt' | 'lastRunAt'>>(store, query).get() ?? none;
}

/** Recorded alerts that are open, or were acknowledged. */
function listEpisodes(store: Store): readonly RecordedEpisode[] {
	const query = `
		SELECT alert_id AS id, kind, subject, ${instant('since')} AS since,
			${instant('acknowledged_at')} AS acknowledgedAt, ${instant('closed_at')} AS closedAt
		FROM raid_alerts WHERE closed_at IS NULL OR acknowledged_at IS NOT NULL ORDER BY sequence`;
	return statement<[], RecordedEpisode>(store, query).all();
}

/** Ids of spawns that share the last four characters with one of `ids`, and are not among them. */
export function listNamesakes(store: Store, ids: readonly SpawnId[]): readonly SpawnId[] {
	const query = `
		SELECT id FROM spawns WHERE substr(id, -4) IN (SELECT substr(value, -4) FROM json_each(@ids))
			AND id NOT IN (SELECT value FROM json_each(@ids))`;
	return statement<{ids: string}, SpawnId>(store, query)
		.pluck()
		.all({ids: JSON.stringify(ids)});
}
