import {dirname} from 'node:path';
import {NotFoundError} from '../../errors.ts';
import {recentOf} from '../../model/chain.ts';
import {defaultLimits, type Limits} from '../../model/limits.ts';
import type {Message, MessageWithMentions} from '../../model/message.ts';
import type {Query} from '../../model/query.ts';
import type {Records} from '../../model/raid.ts';
import {isLive, type SpawnId, totalsOf} from '../../model/spawn.ts';
import type {Instant} from '../../model/time.ts';
import {longestText} from '../window.ts';
import {type Columns, spaceOsColumns} from './columns.ts';
import {concernsOf} from './concerns.ts';
import {ledgerOf} from './mentions.ts';
import type {Foreign} from './open.ts';
import {withProcess} from './processes.ts';
import {
	agentsOf,
	channelsOf,
	humansOf,
	messageOf,
	type SpaceSpawn,
	spawnsOf,
	withLastSigns,
} from './records.ts';
import {
	listAgentRows,
	listCallRows,
	listChannelRows,
	listMessageRows,
	listSigns,
	listSpawnRows,
	type MessageFilter,
} from './rows.ts';

// Nothing waits for a slot there.
const limits: Limits = {...defaultLimits, maxLive: Number.POSITIVE_INFINITY};

/** The contents of a space-os, in one state of its database; the outcomes of mentions are still missing. */
export interface SpaceRecords extends Omit<Records, 'spawns' | 'messages' | 'system' | 'inspected'> {
	/** The spawns to show. */
	readonly spawns: readonly SpaceSpawn[];
	readonly allSpawns: readonly SpaceSpawn[];
	readonly messages: readonly Message[];
	/** The identities that may speak as a human, the one that was active last first. */
	readonly humans: readonly string[];
}

/** Reads what the query asks for. Throws a NotFoundError when the channel is unknown. */
export function readSpaceRecords(
	db: Foreign,
	path: string,
	{channel, spawns, messages: window}: Query,
): SpaceRecords {
	const columns = spaceOsColumns(db, path);
	const channels = channelsOf(listChannelRows(db, columns));
	if (channel !== null) requireChannel(channels, channel);
	const latest = channels.toSorted((a, b) => (b.lastMessageAt ?? 0) - (a.lastMessageAt ?? 0))[0];
	const name = channel ?? latest?.name ?? null;
	const filter = {limit: window.count, before: window.before, longestText};
	const rows = name === null ? [] : listMessageRows(db, columns, {channel: name, ...filter});
	const allSpawns = spawnsOf(listSpawnRows(db, columns));
	const agents = listAgentRows(db, columns);
	const humans = humansOf(agents);
	const shown = spawns === 'all' ? allSpawns : recentOf(allSpawns, spawns);
	return {
		home: dirname(path),
		db: path,
		agents: agentsOf(agents, allSpawns),
		humans,
		channels,
		allSpawns,
		spawns: addLastSigns(db, columns, shown, allSpawns),
		namesakes: allSpawns.map(({id}) => id),
		concerns: concernsOf(listCallRows(db, columns).map(messageOf), humans, allSpawns),
		limits,
		disk: null,
		here: {machine: null, boot: '', namespace: null},
		stoppedAt: null,
		messages: rows.map(messageOf),
		held: 0,
		holds: [],
		gaps: [],
		totals: totalsOf(allSpawns),
		channel: name,
	};
}

/** One spawn. Throws a NotFoundError when no spawn has that id. */
export function findSpaceSpawn(db: Foreign, path: string, id: SpawnId): SpaceSpawn {
	const spawn = spawnsOf(listSpawnRows(db, spaceOsColumns(db, path))).find(known => known.id === id);
	if (spawn === undefined) throw new NotFoundError(`Spawn ${id} is gone.`);
	return spawn;
}

/** The id of every spawn, oldest first. */
export function listSpawnIds(db: Foreign, path: string): readonly SpawnId[] {
	return spawnsOf(listSpawnRows(db, spaceOsColumns(db, path))).map(({id}) => id);
}

/** The identities that may speak as a human, the one that was active last first. */
export function readHumans(db: Foreign, path: string): readonly string[] {
	return humansOf(listAgentRows(db, spaceOsColumns(db, path)));
}

/** The spawns, each with its last sign of life where no end is recorded. */
function addLastSigns(
	db: Foreign,
	columns: Columns,
	spawns: readonly SpaceSpawn[],
	all: readonly SpaceSpawn[],
): readonly SpaceSpawn[] {
	const first = spawns.find(spawn => !isLive(spawn) && spawn.endedAt === null);
	if (first === undefined) return spawns;
	return withLastSigns(spawns, listSigns(db, columns, first.id).map(messageOf), all);
}

/** Messages with the outcomes of their mentions. Throws a NotFoundError when the channel is unknown. */
export function readMessages(
	db: Foreign,
	path: string,
	filter: MessageFilter,
	now: Instant,
): readonly MessageWithMentions[] {
	const columns = spaceOsColumns(db, path);
	if (filter.channel !== undefined) requireChannel(listChannelRows(db, columns), filter.channel);
	const spawns = spawnsOf(listSpawnRows(db, columns));
	const messages = listMessageRows(db, columns, filter).map(messageOf);
	return withLedger(messages, spawns.map(withProcess), agentsOf(listAgentRows(db, columns), spawns), now);
}

/** The messages, each with its part of the ledger. */
export function withLedger(
	messages: readonly Message[],
	spawns: readonly SpaceSpawn[],
	agents: Records['agents'],
	now: Instant,
): readonly MessageWithMentions[] {
	const ledger = ledgerOf(messages, spawns, agents, now);
	return messages.map(message => ({...message, mentions: ledger.get(message.id) ?? []}));
}

function requireChannel(channels: readonly {readonly name: string}[], name: string): void {
	if (!channels.some(channel => channel.name === name))
		throw new NotFoundError(`There is no channel "${name}".`, 'List them: raid channels');
}
