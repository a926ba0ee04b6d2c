import {basename, dirname} from 'node:path';
import {lastOutputAt} from '../../logs/files.ts';
import type {Query} from '../../model/query.ts';
import {type Raid, type Records, raidOf} from '../../model/raid.ts';
import {isLive, type Spawn, type SpawnId} from '../../model/spawn.ts';
import type {ProcessFacts} from '../../model/state.ts';
import {noRefusals, type System} from '../../model/system.ts';
import {spawnMarker} from '../../process/markers.ts';
import {findMarked, isAlive, listProcesses} from '../../process/table.ts';
import {findProvider} from '../../providers/index.ts';
import {listAgents} from '../../store/agents.ts';
import {listChannels, requireChannel} from '../../store/channels.ts';
import {listHolds} from '../../store/holds.ts';
import {countHeldMentions, withMentions} from '../../store/mentions.ts';
import {listMessages} from '../../store/messages.ts';
import {reading} from '../../store/open.ts';
import {countSpawns, listRecentSpawns, listSpawns} from '../../store/spawns.ts';
import {limitsOf, type Workspace} from '../../workspace/open.ts';
import {attemptFiles, databasePath} from '../../workspace/paths.ts';

/** Living processes that carry a spawn's marker, by spawn. */
export type Strays = ReadonlyMap<SpawnId, readonly number[]>;

const longestText = 16_384;

/** The raid as it is now, of records that were read before. */
export function raidAt(workspace: Workspace, records: Records, strays: Strays): Raid {
	const now = workspace.now();
	const facts = new Map(records.spawns.map(spawn => [spawn.id, factsOf(workspace, spawn, strays, now)]));
	return raidOf(records, facts, limitsOf(workspace), now);
}

/** What the store holds, in one read transaction. Throws a NotFoundError when the channel is unknown. */
export function readRecords(workspace: Workspace, {channel, spawns, messages: window}: Query): Records {
	const {store} = workspace;
	return reading(store, () => {
		if (channel !== null) requireChannel(store, channel);
		const channels = listChannels(store);
		const latest = channels.toSorted((a, b) => (b.lastMessageAt ?? 0) - (a.lastMessageAt ?? 0))[0];
		const name = channel ?? latest?.name ?? null;
		const messages = name === null ? [] : listMessages(store, name, {limit: window.count, longestText});
		return {
			home: workspace.home,
			db: databasePath(workspace.home),
			agents: listAgents(store),
			channels,
			spawns: spawns === 'all' ? listSpawns(store) : listRecentSpawns(store, spawns),
			messages: withMentions(store, messages),
			held: countHeldMentions(store),
			holds: listHolds(store),
			totals: countSpawns(store),
			channel: name,
			system: systemOf(workspace),
		};
	});
}

/** A workspace refuses nothing. */
export function systemOf({home}: Workspace): System {
	return {kind: 'raidwatch', name: 'raid', location: basename(dirname(home)), note: '', refusals: noRefusals};
}

/** Looks through the environment of every process: too slow for each tick. */
export function readStrays(): Strays {
	const marked = findMarked(spawnMarker);
	return new Map([...marked].map(([id, entries]) => [id, entries.map(entry => entry.pid)]));
}

function factsOf(workspace: Workspace, spawn: Spawn, strays: Strays, now: number): ProcessFacts {
	const isRunning = spawn.status === 'running';
	const outputAt = isRunning && spawn.attempt > 0 ? lastOutputAt(filesOf(workspace, spawn)) : null;
	const silence = now - (spawn.retry?.since ?? outputAt ?? spawn.attemptStartedAt ?? now);
	return {
		isAlive: isRunning && isAlive(spawn.process),
		isSupervised: isRunning && isAlive(spawn.supervisor),
		lastOutputAt: outputAt,
		cpuMs: isRunning && silence >= limitsOf(workspace).stallAfterMs ? cpuOfGroup(spawn) : null,
		strays: isLive(spawn) ? [] : (strays.get(spawn.id) ?? []),
		keepsSession: findProvider(spawn.provider)?.keepsSession ?? false,
		hasOutput: true,
		evidence: null,
	};
}

/** The files whose growth is a sign of life. */
function filesOf({home}: Workspace, {id, attempt, sessionFile}: Spawn): readonly string[] {
	const {output, errors} = attemptFiles(home, id, attempt);
	return sessionFile === null ? [output, errors] : [output, errors, sessionFile];
}

function cpuOfGroup({process}: Spawn): number | null {
	if (process === null) return null;
	const group = listProcesses().filter(entry => entry.groupId === process.pid);
	return group.reduce((sum, entry) => sum + entry.cpuMs, 0);
}
