import {NotFoundError} from './errors.ts';
import {spawnMarker} from './launcher/environment.ts';
import {lastOutputAt} from './launcher/output.ts';
import type {ProcessFacts} from './model/health.ts';
import {type Raid, type Records, raidOf} from './model/raid.ts';
import {isLive, type Spawn} from './model/spawn.ts';
import {findMarked, isAlive, listProcesses} from './process/table.ts';
import {findProvider} from './providers/index.ts';
import type {Scope, Strays} from './source.ts';
import {listAgents} from './store/agents.ts';
import {findChannel, listChannels} from './store/channels.ts';
import {listHolds} from './store/guards.ts';
import {countHeldMentions, listMessages, withMentions} from './store/messages.ts';
import {reading} from './store/open.ts';
import {countSpawns, listRecentSpawns, listSpawns} from './store/spawns.ts';
import {attemptFiles, databasePath} from './workspace/paths.ts';
import type {World} from './world.ts';

const recentSpawns = 200;
const recentMessages = 200;
const longestText = 16_384;

/** The raid as it is now: the records of one read transaction, and what the operating system says of the processes. */
export function readRaid(world: World, scope: Scope = {}): Raid {
	const records = readRecords(world, scope);
	return raidAt(world, records, readStrays());
}

/** The raid as it is now, of records that were read before. */
export function raidAt(world: World, records: Records, strays: Strays): Raid {
	const now = world.now();
	const facts = new Map(records.spawns.map(spawn => [spawn.id, factsOf(world, spawn, strays, now)]));
	return raidOf(records, facts, world.config.limits, now);
}

/** What the store holds, in one read transaction. Throws a NotFoundError when the channel is unknown. */
export function readRecords(world: World, {channel, isWhole = false}: Scope): Records {
	const {store} = world;
	return reading(store, () => {
		if (channel !== undefined && findChannel(store, channel) === null) {
			throw new NotFoundError(`There is no channel "${channel}".`, 'List them: raid channels');
		}
		const channels = listChannels(store);
		const latest = channels.toSorted((a, b) => (b.lastMessageAt ?? 0) - (a.lastMessageAt ?? 0))[0];
		const name = channel ?? latest?.name ?? null;
		const messages = name === null ? [] : listMessages(store, name, {limit: recentMessages, longestText});
		return {
			home: world.home,
			db: databasePath(world.home),
			agents: listAgents(store),
			channels,
			spawns: isWhole ? listSpawns(store) : listRecentSpawns(store, recentSpawns),
			messages: withMentions(store, messages),
			held: countHeldMentions(store),
			holds: listHolds(store),
			totals: countSpawns(store),
			channel: name,
			spaceOs: null,
		};
	});
}

/** Looks through the environment of every process: too slow for each tick. */
export function readStrays(): Strays {
	const marked = findMarked(spawnMarker);
	return new Map([...marked].map(([id, entries]) => [id, entries.map(entry => entry.pid)]));
}

function factsOf(world: World, spawn: Spawn, strays: Strays, now: number): ProcessFacts {
	const isRunning = spawn.status === 'running';
	const outputAt = isRunning && spawn.attempt > 0 ? lastOutputAt(filesOf(world, spawn)) : null;
	const silence = now - (spawn.retry?.since ?? outputAt ?? spawn.attemptStartedAt ?? now);
	return {
		isAlive: isRunning && isAlive(spawn.process),
		isSupervised: isRunning && isAlive(spawn.supervisor),
		lastOutputAt: outputAt,
		cpuMs: isRunning && silence >= world.config.limits.stallAfterMs ? cpuOfGroup(spawn) : null,
		strays: isLive(spawn) ? [] : (strays.get(spawn.id) ?? []),
		keepsSession: findProvider(spawn.provider)?.keepsSession ?? false,
		hasOutput: true,
		evidence: null,
	};
}

/** The files whose growth is a sign of life. */
function filesOf({home}: World, {id, attempt, transcript}: Spawn): readonly string[] {
	const {output, errors} = attemptFiles(home, id, attempt);
	return transcript === null ? [output, errors] : [output, errors, transcript];
}

function cpuOfGroup({process}: Spawn): number | null {
	if (process === null) return null;
	const group = listProcesses().filter(entry => entry.groupId === process.pid);
	return group.reduce((sum, entry) => sum + entry.cpuMs, 0);
}
