import type {Agent} from './agent.ts';
import {recentOf} from './chain.ts';
import type {Channel} from './channel.ts';
import {type Concerns, freeingKinds, type Sessionless} from './concern.ts';
import type {Event} from './event.ts';
import type {Limits} from './limits.ts';
import {concernsOf} from './past-concerns.ts';
import type {Query} from './query.ts';
import type {Inspected, Records} from './raid.ts';
import type {RaidRecord, SpawnRecord} from './record.ts';
import {type Spawn, type SpawnId, totalsOf} from './spawn.ts';
import {noFacts, type ProcessFacts} from './state.ts';
import {totalOf} from './usage.ts';

/** The parts of a workspace that no log records. */
export interface Setting extends Pick<Records, 'home' | 'db' | 'system'> {
	/** As `config.json` has them. */
	readonly limits: Limits;
	/** The agents that should have had a session by then. */
	readonly sessionless: readonly Sessionless[];
}

/** The records that a query asks for, rebuilt from `events`, the log up to then. */
export function pastRecords(
	record: RaidRecord,
	events: readonly Event[],
	query: Query,
	{limits, sessionless, ...setting}: Setting,
): Records {
	const {spawns, mentions, messages} = record;
	const channels = record.channels.map(channel => channelOf(channel, record));
	const last = channels.toSorted((a, b) => (b.lastMessageAt ?? 0) - (a.lastMessageAt ?? 0))[0];
	const channel = query.channel ?? last?.name ?? null;
	const freedAt = events.findLast(({kind}) => freeingKinds.includes(kind))?.at ?? null;
	const allLimits = {...limits, ...record.limits};
	const concerns: Concerns = {...concernsOf(record, freedAt, allLimits.leash), sessionless};
	return {
		...setting,
		agents: record.agents.map(agent => agentOf(agent, record)),
		channels,
		spawns: shownOf(spawns, query.spawns, concerns),
		namesakes: spawns.map(({id}) => id),
		messages: pageOf(
			messages.filter(message => message.channel === channel),
			query.messages,
		).map(message => ({...message, mentions: mentions.filter(({messageId}) => messageId === message.id)})),
		held: mentions.filter(({outcome}) => outcome === 'held').length,
		holds: record.holds.map(({scope}) => scope),
		totals: totalsOf(spawns),
		concerns,
		gaps: record.gaps,
		limits: allLimits,
		inspected: query.inspected === null ? null : inspect(record, events, query.inspected),
		channel,
		disk: null,
		// Where it was is known by the spawns of that time alone.
		here: spawns.at(-1) ?? {machine: null, boot: '', namespace: null},
		stoppedAt: null,
	};
}

/** The processes of a spawn in the past, which were as its record says. */
export function pastFacts(spawn: Spawn, keepsSession: boolean): ProcessFacts {
	if (spawn.status !== 'running') return noFacts;
	return {
		...noFacts,
		isAlive: spawn.process !== null,
		isSupervised: spawn.supervisor !== null,
		lastOutputAt: spawn.lastOutputAt,
		hasOutput: true,
		keepsSession,
	};
}

/** As in the present: the recent spawns, and those whose call nobody has answered. */
function shownOf(
	spawns: readonly SpawnRecord[],
	window: Query['spawns'],
	{calls}: Concerns,
): readonly SpawnRecord[] {
	if (window === 'all') return spawns;
	const shown = new Set<SpawnId | null>([
		...recentOf(spawns, window).map(({id}) => id),
		...calls.map(({spawnId}) => spawnId),
	]);
	return spawns.filter(({id}) => shown.has(id));
}

function channelOf(channel: RaidRecord['channels'][number], {messages}: RaidRecord): Channel {
	const {lastHumanSequence: _, ...parts} = channel;
	const own = messages.filter(message => message.channel === channel.name);
	return {...parts, messages: own.length, lastMessageAt: own.at(-1)?.at ?? null};
}

function agentOf({lastActiveAt: _, ...agent}: RaidRecord['agents'][number], {spawns}: RaidRecord): Agent {
	const own = spawns.filter(spawn => spawn.agent === agent.identity);
	const failures = own.filter(({status}) => status === 'failed' || status === 'timeout').length;
	return {...agent, failures, ...totalOf(own)};
}

function pageOf<T extends {readonly id: string}>(
	messages: readonly T[],
	{count, before}: Query['messages'],
): readonly T[] {
	const index = messages.findIndex(({id}) => id === before);
	const end = index === -1 ? messages.length : index;
	return count < 0 ? messages.slice(0, end) : messages.slice(Math.max(0, end - count), end);
}

function inspect(
	{spawns, mentions, messages}: RaidRecord,
	events: readonly Event[],
	id: string,
): Inspected | null {
	const spawn: SpawnRecord | undefined = spawns.find(other => other.id === id);
	if (spawn === undefined) return null;
	const answered = new Set(mentions.filter(({spawnId}) => spawnId === id).map(({messageId}) => messageId));
	return {
		spawn: id,
		attempts: spawn.attempts,
		triggers: messages.filter(message => answered.has(message.id)),
		events: events.filter(event => 'spawn' in event && event.spawn === id),
	};
}
