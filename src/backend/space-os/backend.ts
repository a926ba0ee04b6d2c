import {homedir} from 'node:os';
import {basename, dirname} from 'node:path';
import {defaultLimits, type Limits} from '../../model/limits.ts';
import type {Query} from '../../model/query.ts';
import {raidOf} from '../../model/raid.ts';
import {isLive} from '../../model/spawn.ts';
import {atMostEvery} from '../at-most-every.ts';
import type {Backend} from '../backend.ts';
import {doorOf} from './door.ts';
import {readForeign, stampOf} from './open.ts';
import {factsOf, glance, markedProcesses, withProcess} from './processes.ts';
import {findSpawn, listSpawnIds, readMessages, readRecords, withLedger} from './read.ts';
import {findSession, outputTimes} from './sessions.ts';

const latestLines = 200;
// Looks through the environment of every process: too slow for each second.
const scanEveryMs = 5000;
const mentioningMessages = 500;
// Nothing waits for a place there.
const limits: Limits = {...defaultLimits, maxLive: Number.POSITIVE_INFINITY};

/** A space-os as a backend. It is only read; what changes it goes through its own commands. */
export function spaceOsBackend(db: string, env: NodeJS.ProcessEnv): Backend {
	const lastOutputAt = outputTimes(homeOf(db));
	const door = doorOf(db, env);
	const strays = atMostEvery(scanEveryMs, markedProcesses);
	const readAgain = (query: Query) => ({
		key: JSON.stringify([stampOf(db), query]),
		records: readForeign(db, foreign => readRecords(foreign, db, query)),
	});
	let latest: ReturnType<typeof readAgain> | null = null;
	const backend: Backend = {
		db,
		version: () => stampOf(db),
		read(query) {
			if (latest?.key !== JSON.stringify([stampOf(db), query])) latest = readAgain(query);
			const {allSpawns, humans, ...records} = latest.records;
			const now = Date.now();
			const seen = glance(strays(), now);
			const spawns = records.spawns.map(withProcess);
			const facts = new Map(spawns.map(spawn => [spawn.id, factsOf(spawn, lastOutputAt(spawn), seen)]));
			const messages = withLedger(records.messages, allSpawns.map(withProcess), records.agents, now);
			return raidOf({...records, system: door.describe(humans), spawns, messages}, facts, limits, now);
		},
		findSpawnIds(part) {
			const ids = readForeign(db, foreign => listSpawnIds(foreign, db));
			return ids.filter(id => id.startsWith(part) || id.endsWith(part));
		},
		readMessages: (channel, range) =>
			readForeign(db, foreign => readMessages(foreign, db, {...range, channel}, Date.now())),
		readLog(id) {
			const spawn = readForeign(db, foreign => findSpawn(foreign, db, id));
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
				.flatMap(({mentions, channel, from}) => mentions.map(mention => ({...mention, channel, from})))
				.slice(-latestLines);
		},
		mend: async () => undefined,
		perform: action => door.perform(action, backend),
	};
	return backend;
}

/** The home of the user that a space-os belongs to, with the folders of the agent CLIs. */
function homeOf(db: string): string {
	return basename(dirname(db)) === '.space' ? dirname(dirname(db)) : homedir();
}
