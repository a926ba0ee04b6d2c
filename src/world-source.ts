import {perform} from './actions.ts';
import {NotFoundError} from './errors.ts';
import {reconcile} from './launcher/reconcile.ts';
import {isLive, type SpawnId} from './model/spawn.ts';
import {raidAt, readRecords, readStrays} from './snapshot.ts';
import type {Source, SpawnLog} from './source.ts';
import {findAgent} from './store/agents.ts';
import {findChannel} from './store/channels.ts';
import {listHeldMentions, listLedger, listMessages, withMentions} from './store/messages.ts';
import {storeVersion} from './store/open.ts';
import {findSpawn} from './store/spawns.ts';
import {attemptFiles, databasePath} from './workspace/paths.ts';
import type {World} from './world.ts';

const latestLines = 200;

/** A workspace of ours, as all see it that read. */
export function sourceOf(world: World): Source {
	const {store, home} = world;
	return {
		db: databasePath(home),
		version: () => storeVersion(store),
		look(scope = {}) {
			const records = readRecords(world, scope);
			return strays => raidAt(world, records, strays);
		},
		readStrays,
		readMessages(channel, range) {
			if (findChannel(store, channel) === null) {
				throw new NotFoundError(`There is no channel "${channel}".`, 'List them: raid channels');
			}
			return withMentions(store, listMessages(store, channel, range));
		},
		readLog: id => logOf(world, id),
		readLedger: isHeld => (isHeld ? listHeldMentions(store) : listLedger(store, latestLines)),
		mend: () => reconcile(world),
		perform: action => perform(action, world),
	};
}

function logOf({store, home}: World, id: SpawnId): SpawnLog {
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
