import {perform} from '../../actions/perform.ts';
import {NotFoundError} from '../../errors.ts';
import {unrecordedGaps} from '../../launcher/supervisor/sleep.ts';
import type {Query} from '../../model/query.ts';
import {type Records, raidOf} from '../../model/raid.ts';
import {isLive, type SpawnId} from '../../model/spawn.ts';
import type {Milliseconds} from '../../model/time.ts';
import {writerOf} from '../../process/locks.ts';
import {findAgent} from '../../store/agents.ts';
import {requireChannel} from '../../store/channels.ts';
import {withMentions} from '../../store/mentions.ts';
import {listMessages} from '../../store/messages.ts';
import {countWrites, storeVersion} from '../../store/open.ts';
import {setPatience} from '../../store/patience.ts';
import {findFileState} from '../../store/replaced.ts';
import {findSpawn, findSpawnIds} from '../../store/spawns.ts';
import type {Workspace} from '../../workspace/open.ts';
import {attemptFiles, databasePath} from '../../workspace/paths.ts';
import type {Backend, SpawnLog} from '../backend.ts';
import {remembering} from '../remembering.ts';
import {type Scan, scanEveryMs} from '../strays.ts';
import {readDisk} from './disk.ts';
import {readFacts, scanProcesses} from './facts.ts';
import {readLedger} from './ledger.ts';
import {mend} from './mend.ts';
import {pastReader} from './past.ts';
import {readRecords} from './records.ts';
import {strangersOf} from './strangers.ts';

// A screen that waits longer than this at a time stutters.
const screenWaitMs: Milliseconds = 30;

/** A workspace as a backend. */
export function workspaceBackend(workspace: Workspace): Backend {
	const {store, home} = workspace;
	const scan = remembering(() => scanProcesses(workspace));
	const readPast = pastReader(workspace);
	const readPresent = presentReader(workspace, () => scan(scanEveryMs));
	const mendNow = () => mend(workspace, () => scan(0));
	return {
		db: databasePath(home),
		file: {
			state: () => findFileState(store),
			writes: () => countWrites(store),
			writer: () => writerOf(databasePath(home)),
			dontWait: () => setPatience(store, {waitMs: screenWaitMs, writerOf}),
		},
		version: () => storeVersion(store),
		read: query => (query.at === null ? readPresent(query) : readPast(query, query.at)),
		findSpawnIds: part => findSpawnIds(store, part),
		readMessages(channel, range) {
			requireChannel(store, channel);
			return withMentions(store, listMessages(store, channel, range));
		},
		readLog: id => logOf(workspace, id),
		readLedger: isHeld => readLedger(workspace, isHeld),
		mend: mendNow,
		async perform(action) {
			// Only a recorded alert can be acknowledged, and one that is shown may not have been recorded yet.
			if (action.type === 'acknowledge') await mendNow();
			return perform(workspace, action);
		},
	};
}

const mostReadings = 5;

/** Reads the raid as it is now; the records again only after a commit. */
function presentReader(workspace: Workspace, scan: () => Scan): Backend['read'] {
	const {store, now} = workspace;
	let latest: {readonly key: string; readonly records: Records} | null = null;
	const readOnce = (query: Query) => {
		const seen = scan();
		const noticed = [...seen.marked.keys()];
		const key = JSON.stringify([storeVersion(store), query, noticed]);
		if (latest?.key !== key) latest = {key, records: readRecords(workspace, query, noticed)};
		// Right after a sleep its supervisors may have had no time to record it.
		const gaps = [...latest.records.gaps, ...unrecordedGaps(workspace, latest.records)];
		const records = {
			...latest.records,
			gaps,
			strangers: strangersOf(workspace, seen),
			disk: readDisk(workspace.home),
		};
		return raidOf(records, readFacts(workspace, records, seen), now());
	};
	return query => {
		for (let reading = 1; ; reading += 1) {
			const version = storeVersion(store);
			const raid = readOnce(query);
			// A spawn may end between the records and the look at its process, and would seem to be an orphan.
			const isDoubtful = raid.counts.orphan > 0 && storeVersion(store) !== version;
			if (!isDoubtful || reading === mostReadings) return raid;
		}
	};
}

function logOf({store, home}: Workspace, id: SpawnId): SpawnLog {
	const spawn = findSpawn(store, id);
	if (spawn === null) throw new NotFoundError(`Spawn ${id} is gone.`);
	return {
		provider: spawn.provider,
		fields: findAgent(store, spawn.agent)?.launch?.fields ?? null,
		kind: 'output',
		attempt: spawn.attempt,
		isLive: isLive(spawn),
		isRunning: isLive(spawn) && spawn.attempt > 0 && spawn.attemptEndedAt === null,
		pathOf: (attempt, part) => attemptFiles(home, id, attempt)[part],
	};
}
