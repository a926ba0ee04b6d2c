import {basename, dirname} from 'node:path';
import type {Sessionless, SessionlessSpawn} from '../../model/concern.ts';
import type {Query} from '../../model/query.ts';
import type {Inspected, Records} from '../../model/raid.ts';
import type {Spawn, SpawnId} from '../../model/spawn.ts';
import {noRefusals, type System} from '../../model/system.ts';
import {findProvider} from '../../providers/index.ts';
import {listAgents} from '../../store/agents.ts';
import {listAttempts} from '../../store/attempts.ts';
import {listChannels, requireChannel} from '../../store/channels.ts';
import {listNamesakes, listSessionless, readConcerns} from '../../store/concerns.ts';
import {listEvents} from '../../store/events.ts';
import {listGaps} from '../../store/gaps.ts';
import {listHolds} from '../../store/holds.ts';
import {countHeldMentions, withMentions} from '../../store/mentions.ts';
import {listMessages, listTriggers} from '../../store/messages.ts';
import {reading, type Store} from '../../store/open.ts';
import {countSpawns, findSpawn, listRecentSpawns, listSpawns} from '../../store/spawns.ts';
import {readUsableConfig} from '../../workspace/config.ts';
import {limitsOf, type Workspace} from '../../workspace/open.ts';
import {databasePath} from '../../workspace/paths.ts';
import {lastStop} from '../../workspace/stop-file.ts';
import {longestText} from '../window.ts';
import {readDisk} from './disk.ts';

/**
 * The contents of the store, in one read transaction. The spawns of `noticed`, such as those with strays, are always
 * shown. Throws a NotFoundError when the channel is unknown.
 */
export function readRecords(workspace: Workspace, query: Query, noticed: readonly SpawnId[]): Records {
	const {store, home, machine, boot, namespace} = workspace;
	return reading(store, () => {
		if (query.channel !== null) requireChannel(store, query.channel);
		const channels = listChannels(store);
		const latest = channels.toSorted((a, b) => (b.lastMessageAt ?? 0) - (a.lastMessageAt ?? 0))[0];
		const channel = query.channel ?? latest?.name ?? null;
		const limits = limitsOf(workspace);
		const concerns = {
			...readConcerns(store, limits),
			sessionless: groupSessionless(listSessionless(store)),
		};
		const callers = concerns.calls.flatMap(({spawnId}) => (spawnId === null ? [] : [spawnId]));
		const spawns = readSpawns(store, query.spawns, [...noticed, ...callers]);
		const ids = spawns.map(({id}) => id);
		return {
			home,
			db: databasePath(home),
			agents: listAgents(store),
			channels,
			spawns,
			namesakes: query.spawns === 'all' ? [] : listNamesakes(store, ids),
			messages: channel === null ? [] : readMessages(store, channel, query.messages),
			held: countHeldMentions(store),
			holds: listHolds(store),
			gaps: listGaps(store),
			totals: countSpawns(store),
			concerns,
			limits,
			inspected: query.inspected === null ? null : inspect(store, query.inspected),
			channel,
			disk: readDisk(home),
			// As it is now: this process may have read it hours ago.
			configError: readUsableConfig(home).error?.message ?? null,
			here: {machine, boot, namespace},
			stoppedAt: lastStop(home, workspace.now()),
			system: systemOf(workspace),
		};
	});
}

/** A workspace refuses nothing. */
export function systemOf({home}: Pick<Workspace, 'home'>): System {
	return {kind: 'raidwatch', name: 'raid', location: basename(dirname(home)), note: '', refusals: noRefusals};
}

function readSpawns(store: Store, window: Query['spawns'], more: readonly SpawnId[]): readonly Spawn[] {
	if (window === 'all') return listSpawns(store);
	const recent = listRecentSpawns(store, window);
	const shown = new Set(recent.map(({id}) => id));
	const missing = [...new Set(more)].filter(id => !shown.has(id)).map(id => findSpawn(store, id));
	const found = missing.filter(spawn => spawn !== null);
	return found.length === 0 ? recent : [...recent, ...found].sort((a, b) => a.sequence - b.sequence);
}

function readMessages(store: Store, channel: string, {count, before}: Query['messages']) {
	return withMentions(store, listMessages(store, channel, {limit: count, before, longestText}));
}

/** The agents that should have had a session by now: two of their spawns have ended, and their CLI keeps sessions. */
export function groupSessionless(ended: readonly SessionlessSpawn[]): readonly Sessionless[] {
	const keeping = ended.filter(({provider}) => findProvider(provider)?.keepsSession);
	return [...Map.groupBy(keeping, ({agent}) => agent).values()].flatMap(own => {
		const [, second] = own;
		const last = own.at(-1);
		return second === undefined || last === undefined ? [] : [{...last, count: own.length, at: second.at}];
	});
}

function inspect(store: Store, id: SpawnId): Inspected | null {
	if (findSpawn(store, id) === null) return null;
	return {
		spawn: id,
		attempts: listAttempts(store, id).get(id) ?? [],
		triggers: listTriggers(store, id),
		events: listEvents(store, {spawn: id}),
	};
}
