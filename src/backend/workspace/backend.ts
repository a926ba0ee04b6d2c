import {perform} from '../../actions/perform.ts';
import {NotFoundError} from '../../errors.ts';
import {type Records, raidOf} from '../../model/raid.ts';
import {isLive, type SpawnId} from '../../model/spawn.ts';
import {findAgent} from '../../store/agents.ts';
import {requireChannel} from '../../store/channels.ts';
import {listHeldMentions, listLedger, withMentions} from '../../store/mentions.ts';
import {listMessages} from '../../store/messages.ts';
import {storeVersion} from '../../store/open.ts';
import {findSpawn, findSpawnIds} from '../../store/spawns.ts';
import type {Workspace} from '../../workspace/open.ts';
import {attemptFiles, databasePath} from '../../workspace/paths.ts';
import {atMostEvery} from '../at-most-every.ts';
import type {Backend, SpawnLog} from '../backend.ts';
import {latestLines} from '../limits.ts';
import {scanEveryMs} from '../strays.ts';
import {readFacts, scanProcesses} from './facts.ts';
import {mend} from './mend.ts';
import {pastReader} from './past.ts';
import {readRecords} from './records.ts';

/** A workspace as a backend. */
export function workspaceBackend(workspace: Workspace): Backend {
	const {store, home, now} = workspace;
	// Each second the raid is read again while the records stay the same.
	let latest: {readonly key: string; readonly records: Records} | null = null;
	const readPast = pastReader(workspace);
	const scan = atMostEvery(scanEveryMs, () => scanProcesses(workspace));
	return {
		db: databasePath(home),
		version: () => storeVersion(store),
		read(query) {
			if (query.at !== null) return readPast(query, query.at);
			const seen = scan();
			const noticed = [...seen.marked.keys()];
			const key = JSON.stringify([storeVersion(store), query, noticed]);
			if (latest?.key !== key) latest = {key, records: readRecords(workspace, query, noticed)};
			return raidOf(latest.records, readFacts(workspace, latest.records, seen), now());
		},
		findSpawnIds: part => findSpawnIds(store, part),
		readMessages(channel, range) {
			requireChannel(store, channel);
			return withMentions(store, listMessages(store, channel, range));
		},
		readLog: id => logOf(workspace, id),
		readLedger: isHeld => (isHeld ? listHeldMentions(store) : listLedger(store, latestLines)),
		mend: () => mend(workspace),
		async perform(action) {
			// An alert that is shown may not have been recorded yet.
			if (action.type === 'acknowledge') await mend(workspace);
			return perform(workspace, action);
		},
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
