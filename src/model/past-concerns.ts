import {
	beginningOf,
	type Call,
	type Concerns,
	type DeniedSpawn,
	type Failure,
	type HeldConcern,
	latestSpawnsAsked,
	type SessionlessSpawn,
} from './concern.ts';
import {type Leash, type LeashUses, opensAt} from './leash.ts';
import type {MessageId} from './message.ts';
import type {MessageRecord, RaidRecord, SpawnRecord} from './record.ts';
import {isLive, type SpawnId} from './spawn.ts';
import type {Instant} from './time.ts';

/** The concerns of a whole raid record, as the store would read them. `freedAt` comes from the log. */
export function concernsOf(
	record: RaidRecord,
	freedAt: Instant | null,
	leash: Leash,
): Omit<Concerns, 'sessionless'> {
	const {spawns, channels, alerts} = record;
	const breakers = channels.filter(({failuresInARow}) => failuresInARow > 0);
	return {
		calls: callsOf(record),
		held: heldOf(record, leash),
		failures: failuresOf(record),
		denied: deniedOf(record),
		failuresInARow: new Map(
			breakers.map(({name, failuresInARow}) => [name, endsOfFailures(spawns, name, failuresInARow)]),
		),
		askedByHuman: askedByHuman(record),
		freedAt,
		lastEndAt: latest(spawns.map(({endedAt}) => endedAt)),
		lastRunAt: latest(spawns.flatMap(({attempts}) => attempts.map(({endedAt}) => endedAt))),
		recorded: alerts.filter(({closedAt, acknowledgedAt}) => closedAt === null || acknowledgedAt !== null),
	};
}

function callsOf({messages, mentions, channels, agents}: RaidRecord): readonly Call[] {
	const calling = new Set(
		mentions.filter(({outcome}) => outcome === 'called').map(({messageId}) => messageId),
	);
	const humanAt = new Map(channels.map(({name, lastHumanSequence}) => [name, lastHumanSequence]));
	const speakers = new Set(agents.filter(({model}) => model !== null).map(({identity}) => identity));
	return messages
		.filter(({id, claim}) => claim !== null || calling.has(id))
		.filter(({sequence, channel, from}) => sequence > (humanAt.get(channel) ?? 0) && speakers.has(from))
		.map(({id, channel, from, spawnId, claim, text, at}) => ({
			messageId: id,
			channel,
			agent: from,
			spawnId,
			claim,
			text: beginningOf(text),
			at,
		}));
}

function heldOf(record: RaidRecord, leash: Leash): readonly HeldConcern[] {
	const {mentions, messages} = record;
	const channelOf = new Map(messages.map(({id, channel}) => [id, channel]));
	return mentions
		.filter(({outcome}) => outcome === 'held')
		.map(({messageId, reason, decidedAt}) => ({
			channel: channelOf.get(messageId) ?? '',
			reason: reason ?? '',
			at: decidedAt,
			startsAt: reason === 'leash' ? opensAt(leash, usesOf(record, rootOf(record, messageId))) : null,
		}))
		.sort((a, b) => a.at - b.at);
}

/** The root message of the chain that a message belongs to; null where nobody recorded it. */
function rootOf({messages, spawns}: RaidRecord, messageId: MessageId): MessageId | null {
	const sender = messages.find(({id}) => id === messageId)?.spawnId ?? null;
	return sender === null ? messageId : (spawns.find(({id}) => id === sender)?.rootMessageId ?? null);
}

/** When agents triggered the spawns of a chain, since its leash was last refilled. */
function usesOf({spawns, messages, agents, leashes}: RaidRecord, root: MessageId | null): LeashUses {
	const since = leashes.find(leash => leash.root === root)?.sequence ?? 0;
	const speakers = new Set(agents.filter(({model}) => model !== null).map(({identity}) => identity));
	const byAgent = new Set(messages.filter(({from}) => speakers.has(from)).map(({id}) => id));
	return spawns
		.filter(
			({rootMessageId, retryOf, sequence}) => rootMessageId === root && retryOf === null && sequence > since,
		)
		.filter(({messageId}) => messageId !== null && byAgent.has(messageId))
		.map(({createdAt}) => createdAt);
}

function failuresOf({spawns, agents}: RaidRecord): readonly Failure[] {
	const known = new Map(agents.map(agent => [agent.identity, agent]));
	const successes = spawns.filter(({status}) => status === 'completed');
	const isLater = (failed: SpawnRecord, inChannel: string | null) =>
		successes.some(
			({agent, channel, sequence}) =>
				agent === failed.agent && sequence > failed.sequence && (inChannel ?? channel) === channel,
		);
	return spawns
		.filter(({status, agent}) => isFailure(status) && known.get(agent)?.archivedAt === null)
		.filter(spawn => !isLater(spawn, spawn.channel))
		.map(spawn => {
			const {id, agent, provider, channel, failure, cause, endedAt, createdAt} = spawn;
			const isInARow = known.get(agent)?.provider === provider && !isLater(spawn, null);
			return {spawnId: id, agent, provider, channel, failure, cause, at: endedAt ?? createdAt, isInARow};
		})
		.sort((a, b) => a.at - b.at);
}

function deniedOf({spawns, agents}: RaidRecord): readonly DeniedSpawn[] {
	const present = new Set(agents.filter(({archivedAt}) => archivedAt === null).map(({identity}) => identity));
	const byAgent = Map.groupBy(spawns, ({agent}) => agent);
	return [...byAgent].flatMap(([agent, own]) => {
		if (!present.has(agent) || own.every(({denials}) => denials.length === 0)) return [];
		return own.slice(-latestSpawnsAsked).map(({id, channel, createdAt, status, denials}) => ({
			spawnId: id,
			agent,
			channel,
			at: createdAt,
			hasSucceeded: status === 'completed',
			denials,
		}));
	});
}

function isFailure(status: SpawnRecord['status']): boolean {
	return status === 'failed' || status === 'timeout';
}

function endsOfFailures(spawns: readonly SpawnRecord[], channel: string, count: number): readonly Instant[] {
	const ends = spawns
		.filter(spawn => spawn.channel === channel && isFailure(spawn.status) && spawn.cause === null)
		.map(({endedAt}) => endedAt)
		.filter(at => at !== null);
	return ends.sort((a, b) => a - b).slice(-count);
}

function askedByHuman({spawns, mentions, messages, agents}: RaidRecord): ReadonlySet<SpawnId> {
	const humans = new Set(agents.filter(({model}) => model === null).map(({identity}) => identity));
	const byHuman = new Set(messages.filter(({from}: MessageRecord) => humans.has(from)).map(({id}) => id));
	const asked = new Set(mentions.filter(({messageId}) => byHuman.has(messageId)).map(({spawnId}) => spawnId));
	const pending = spawns.filter(({status}) => status === 'pending');
	return new Set(pending.filter(({id, retryOf}) => retryOf !== null || asked.has(id)).map(({id}) => id));
}

/** Ended spawns of agents that never had a session with the provider that runs them, by their end. */
export function sessionlessOf({spawns, agents}: RaidRecord): readonly SessionlessSpawn[] {
	const present = agents.filter(({archivedAt}) => archivedAt === null);
	return present.flatMap(({identity, provider}) => {
		const own = spawns.filter(spawn => spawn.agent === identity && spawn.provider === provider);
		if (own.some(({attempts}) => attempts.some(({sessionId}) => sessionId !== null))) return [];
		return own
			.filter(({status, attempts}) => !isLive({status}) && status !== 'killed' && attempts.length > 0)
			.map(({id, agent, provider, endedAt, createdAt}) => ({
				agent,
				provider,
				spawnId: id,
				at: endedAt ?? createdAt,
			}))
			.sort((a, b) => a.at - b.at);
	});
}

function latest(times: readonly (Instant | null)[]): Instant | null {
	return times.reduce((last, at) => (at !== null && (last === null || at > last) ? at : last), null);
}
