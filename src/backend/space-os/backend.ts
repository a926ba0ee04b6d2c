import {homedir} from 'node:os';
import {basename, dirname} from 'node:path';
import {UsageError} from '../../errors.ts';
import type {MessageWithMentions} from '../../model/message.ts';
import type {Query} from '../../model/query.ts';
import {type Inspected, raidOf} from '../../model/raid.ts';
import {isLive, type SpawnId} from '../../model/spawn.ts';
import type {Backend} from '../backend.ts';
import {remembering} from '../remembering.ts';
import {scanEveryMs} from '../strays.ts';
import {latestLines} from '../window.ts';
import {doorOf} from './door.ts';
import {readForeign, stampOf} from './open.ts';
import {factsOf, markedProcesses, processTable, withProcess} from './processes.ts';
import {findSpaceSpawn, listSpawnIds, readMessages, readSpaceRecords, withLedger} from './read.ts';
import {findSession, outputTimes} from './sessions.ts';

const mentioningMessages = 500;

/** A space-os as a backend. It is only read; what changes it goes through its own commands. */
export function spaceOsBackend(db: string, env: NodeJS.ProcessEnv): Backend {
	const door = doorOf(db, env);
	const backend: Backend = {
		db,
		file: null,
		version: () => stampOf(db),
		read: readerOf(db, door),
		findSpawnIds(part) {
			const ids = readForeign(db, foreign => listSpawnIds(foreign, db));
			return ids.filter(id => id.startsWith(part) || id.endsWith(part));
		},
		readMessages: (channel, range) =>
			readForeign(db, foreign => readMessages(foreign, db, {...range, channel}, Date.now())),
		readLog(id) {
			const spawn = readForeign(db, foreign => findSpaceSpawn(foreign, db, id));
			const path = findSession(spawn, homeOf(db));
			return {
				provider: spawn.provider,
				fields: null,
				kind: 'session',
				attempt: path === null ? 0 : 1,
				isLive: isLive(spawn),
				isRunning: isLive(spawn),
				pathOf: (_, part) => (part === 'output' ? path : null),
			};
		},
		readLedger(isHeld) {
			// Nothing is ever held there.
			if (isHeld) return [];
			const filter = {isMentioning: true, limit: mentioningMessages};
			const messages = readForeign(db, foreign => readMessages(foreign, db, filter, Date.now()));
			return messages
				.flatMap(({mentions, channel, from}) =>
					mentions.map(mention => ({...mention, channel, from, startsAt: null})),
				)
				.slice(-latestLines);
		},
		mend: async () => undefined,
		perform: action => door.perform(action, backend),
	};
	return backend;
}

/** Reads the raid; the records again only after a commit. */
function readerOf(db: string, door: ReturnType<typeof doorOf>): Backend['read'] {
	const lastOutputAt = outputTimes(homeOf(db));
	const scan = remembering(() => ({at: Date.now(), marked: markedProcesses()}));
	const readAgain = (query: Query) => ({
		key: JSON.stringify([stampOf(db), query]),
		records: readForeign(db, foreign => readSpaceRecords(foreign, db, query)),
	});
	let latest: ReturnType<typeof readAgain> | null = null;
	return query => {
		if (query.at !== null) throw new UsageError('space-os keeps no log: only its present can be shown.');
		if (latest?.key !== JSON.stringify([stampOf(db), query])) latest = readAgain(query);
		const {allSpawns, humans, ...records} = latest.records;
		const now = Date.now();
		const table = processTable(scan(scanEveryMs), now);
		const spawns = records.spawns.map(withProcess);
		const facts = new Map(spawns.map(spawn => [spawn.id, factsOf(spawn, lastOutputAt(spawn), table)]));
		const messages = withLedger(records.messages, allSpawns.map(withProcess), records.agents, now);
		const inspected = query.inspected === null ? null : inspect(query.inspected, messages);
		return raidOf({...records, system: door.describe(humans), spawns, messages, inspected}, facts, now);
	};
}

/** The details of one spawn beyond its record: there are neither attempts nor events. */
function inspect(spawn: SpawnId, messages: readonly MessageWithMentions[]): Inspected {
	const triggers = messages.filter(({mentions}) => mentions.some(({spawnId}) => spawnId === spawn));
	return {spawn, attempts: [], triggers, events: []};
}

/** The home of the user that a space-os belongs to, with the folders of the agent CLIs. */
function homeOf(db: string): string {
	return basename(dirname(db)) === '.space' ? dirname(dirname(db)) : homedir();
}
