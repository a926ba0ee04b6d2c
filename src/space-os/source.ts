import {homedir} from 'node:os';
import {basename, dirname} from 'node:path';
import {defaultLimits, type Limits} from '../model/limits.ts';
import {raidOf} from '../model/raid.ts';
import {isLive} from '../model/spawn.ts';
import type {Source} from '../source.ts';
import {doorOf} from './door.ts';
import {readForeign, stampOf} from './open.ts';
import {factsOf, glance, markedProcesses, withProcess} from './processes.ts';
import {findSpawn, readMessages, readRecords, withLedger} from './read.ts';
import {findSession, outputTimes} from './sessions.ts';

const latestLines = 200;
const mentioningMessages = 500;
// Nothing waits for a place there.
const limits: Limits = {...defaultLimits, maxLive: Number.POSITIVE_INFINITY};

/** A space-os, as all see it that read. It is read only; what changes it goes through its own commands. */
export function spaceOsSource(db: string, env: NodeJS.ProcessEnv): Source {
	const lastOutputAt = outputTimes(homeOf(db));
	const door = doorOf(db, env);
	const source: Source = {
		db,
		version: () => stampOf(db),
		look(scope = {}) {
			const {allSpawns, humans, ...records} = readForeign(db, foreign => readRecords(foreign, db, scope));
			const spaceOs = door.describe(humans);
			return strays => {
				const now = Date.now();
				const seen = glance(strays, now);
				const spawns = records.spawns.map(withProcess);
				const facts = new Map(spawns.map(spawn => [spawn.id, factsOf(spawn, lastOutputAt(spawn), seen)]));
				const messages = withLedger(records.messages, allSpawns.map(withProcess), records.agents, now);
				return raidOf({...records, spaceOs, spawns, messages}, facts, limits, now);
			};
		},
		readStrays: markedProcesses,
		readMessages: (channel, range) =>
			readForeign(db, foreign => readMessages(foreign, db, {...range, channel}, Date.now())),
		readLog(id) {
			const spawn = readForeign(db, foreign => findSpawn(foreign, db, id));
			const path = findSession(spawn, homeOf(db));
			return {
				provider: spawn.provider,
				fields: null,
				kind: 'transcript',
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
		perform: action => door.perform(action, source),
	};
	return source;
}

/** The home of the user that a space-os belongs to, with the folders of the agent CLIs. */
function homeOf(db: string): string {
	return basename(dirname(db)) === '.space' ? dirname(dirname(db)) : homedir();
}
