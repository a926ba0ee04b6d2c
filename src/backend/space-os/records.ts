import type {Agent} from '../../model/agent.ts';
import type {Channel} from '../../model/channel.ts';
import {isLive, type Spawn, type SpawnId, type Status} from '../../model/spawn.ts';
import type {Instant, Milliseconds} from '../../model/time.ts';
import {timeOfId} from '../../model/time.ts';
import {totalOf} from '../../model/usage.ts';
import type {AgentRow, ChannelRow, MessageRow, SpaceSpawnRow} from './rows.ts';
import {instantOf, laterInstant, offsetOf, type ZoneChange, zoneChanges} from './time.ts';

/** A spawn as space-os records it, with more than a record of raidwatch has. */
export interface SpaceSpawn extends Spawn {
	/** When it last read its channel; null where that is not recorded. */
	readonly readAt: Instant | null;
	readonly channelId: string | null;
}

/**
 * The statuses of space-os in our words. `active`: its turn has ended well, and a mention resumes it. `paused`: it waits for
 * its operator.
 */
const statuses: Readonly<Record<string, Status>> = {
	pending: 'pending',
	paused: 'pending',
	running: 'running',
	active: 'completed',
	completed: 'completed',
	failed: 'failed',
	timeout: 'timeout',
	killed: 'killed',
};

/** The spawns, oldest first, at their true times. */
export function spawnsOf(rows: readonly SpaceSpawnRow[]): readonly SpaceSpawn[] {
	const timed = rows.map(row => ({
		row,
		offset: offsetOf(row.id, row.createdAt),
		at: creationOf(row.id, row.createdAt),
	}));
	timed.sort((a, b) => a.at - b.at || (a.row.id < b.row.id ? -1 : 1));
	const changes = zoneChanges(timed);
	return timed.map(({row, at, offset}) => spawnOf(row, at, offset, changes));
}

function spawnOf(
	row: SpaceSpawnRow,
	createdAt: Instant,
	offset: Milliseconds | null,
	changes: readonly ZoneChange[],
): SpaceSpawn {
	const {id, agent, model, role, parentId, sessionId, tokensIn, tokensOut, pid} = row;
	const later = (text: string | null) => laterInstant(text, createdAt, offset, changes);
	const isKnown = Object.hasOwn(statuses, row.status);
	const status = isKnown ? (statuses[row.status] as Status) : 'failed';
	return {
		...unknown,
		id,
		parentId,
		agent,
		model,
		provider: providerOf(model),
		role,
		channel: row.channel ?? '-',
		status,
		isWaiting: row.status === 'active',
		sessionId,
		// The record does not say which process had that PID.
		process: pid === null ? null : {pid, started: ''},
		attempt: pid === null ? 0 : 1,
		createdAt,
		endedAt: isLive({status}) || row.status === 'active' ? null : later(row.endedAt),
		attemptEndedAt: row.sessionAt === null ? null : instantOf(row.sessionAt, 0),
		failure: isKnown ? null : `space-os calls it "${row.status}"`,
		tokensIn,
		tokensOut,
		hold: row.status === 'paused' ? 'paused' : null,
		readAt: later(row.readAt),
		channelId: row.channelId,
	};
}

/** The parts of a spawn that space-os does not record. */
const unknown = {
	messageId: null,
	supervisor: null,
	startedAt: null,
	attemptStartedAt: null,
	lastOutputAt: null,
	exitCode: null,
	signal: null,
	killedBy: null,
	machine: null,
	boot: '',
	namespace: null,
	sequence: 0,
	rootMessageId: null,
	retryOf: null,
	isTombstone: false,
	isParked: false,
	resumeAt: null,
	releasedAt: null,
	seenProcesses: [],
	costUsd: null,
	sessionFile: null,
	retry: null,
	openCall: null,
	lastCpuAt: null,
	denials: [],
	cause: null,
} as const;

/** The CLI that space-os runs for a model. */
function providerOf(model: string | null): string {
	if (model?.startsWith('gpt-')) return 'codex';
	return model?.startsWith('gemini') ? 'gemini' : 'claude';
}

/** The true instant of creation: the one in the id, else the column's, read as UTC. */
function creationOf(id: string, createdAt: string | null): Instant {
	return timeOfId(id) ?? (createdAt === null ? null : instantOf(createdAt, 0)) ?? 0;
}

/** A message at its true time, with or without its text. Times of messages are already UTC. */
export function messageOf<T extends Omit<MessageRow, 'text'>>({createdAt, ...row}: T) {
	return {...row, at: creationOf(row.id, createdAt)};
}

/** The channels; their times are already UTC. */
export function channelsOf(rows: readonly ChannelRow[]): readonly Channel[] {
	return rows.map(
		({channelId, name, topic, messages, lastMessageId, lastMessageAt, createdAt, archivedAt}) => ({
			name,
			topic,
			messages,
			lastMessageAt: lastMessageId === null ? null : creationOf(lastMessageId, lastMessageAt),
			createdAt: creationOf(channelId, createdAt),
			archivedAt: archivedAt === null ? null : instantOf(archivedAt, 0),
			failuresInARow: 0,
		}),
	);
}

/** The agents and humans, with sums over their spawns. */
export function agentsOf(rows: readonly AgentRow[], spawns: readonly Spawn[]): readonly Agent[] {
	const byAgent = Map.groupBy(spawns, spawn => spawn.agent);
	return rows.map(row => {
		const own = byAgent.get(row.identity) ?? [];
		const createdAt = creationOf(row.agentId, row.createdAt);
		return {
			identity: row.identity,
			model: row.model,
			provider: row.model === null ? null : providerOf(row.model),
			role: row.role,
			constitution: row.constitution,
			launch: null,
			...totalOf(own),
			spawns: own.length,
			failures: own.filter(({status}) => status === 'failed' || status === 'timeout').length,
			createdAt,
			archivedAt: laterInstant(row.archivedAt, createdAt, offsetOf(row.agentId, row.createdAt), []),
		};
	});
}

/** The identities of the humans that are not archived, the one who was active last first. */
export function humansOf(rows: readonly AgentRow[]): readonly string[] {
	const lastActive = ({agentId, createdAt, lastActiveAt}: AgentRow) =>
		laterInstant(lastActiveAt, creationOf(agentId, createdAt), offsetOf(agentId, createdAt), []) ?? 0;
	return rows
		.filter(({model, archivedAt}) => model === null && archivedAt === null)
		.toSorted((a, b) => lastActive(b) - lastActive(a))
		.map(({identity}) => identity);
}

/** A message without its text: who wrote when and where. */
export interface Sign {
	readonly id: string;
	readonly at: Instant;
	readonly from: string;
	readonly channel: string;
}

/**
 * The spawn that probably wrote each message: the latest one of its sender in that channel. space-os does not record
 * which it was.
 */
export function writersOf(signs: readonly Sign[], spawns: readonly Spawn[]): ReadonlyMap<string, Spawn> {
	const latest = new Map<string, Spawn>();
	const writers = new Map<string, Spawn>();
	const key = (agent: string, channel: string) => JSON.stringify([agent, channel]);
	let next = 0;
	for (const sign of signs.toSorted((a, b) => a.at - b.at)) {
		for (let spawn = spawns[next]; spawn !== undefined && spawn.createdAt <= sign.at; spawn = spawns[next]) {
			latest.set(key(spawn.agent, spawn.channel), spawn);
			next += 1;
		}
		const writer = latest.get(key(sign.from, sign.channel));
		if (writer !== undefined) writers.set(sign.id, writer);
	}
	return writers;
}

/**
 * The spawns with their last sign of life where no end is recorded: what they wrote or read, or their session. `all` are
 * the spawns that may have written.
 */
export function withLastSigns(
	spawns: readonly SpaceSpawn[],
	signs: readonly Sign[],
	all: readonly SpaceSpawn[],
): readonly SpaceSpawn[] {
	const writers = writersOf(signs, all);
	const wrote = new Map<SpawnId, Instant>();
	for (const {id, at} of signs) {
		const writer = writers.get(id);
		if (writer !== undefined) wrote.set(writer.id, at);
	}
	return spawns.map(spawn => {
		if (isLive(spawn) || spawn.endedAt !== null) return spawn;
		const known = [spawn.createdAt, spawn.attemptEndedAt, spawn.readAt, wrote.get(spawn.id)];
		return {...spawn, attemptEndedAt: Math.max(...known.filter(at => at !== null && at !== undefined))};
	});
}
