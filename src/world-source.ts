import {perform} from './actions.ts';
import {NotFoundError} from './errors.ts';
import {reconcile} from './launcher/reconcile.ts';
import {raidAt, readRecords, readStrays} from './snapshot.ts';
import type {Source} from './source.ts';
import {findChannel} from './store/channels.ts';
import {listHeldMentions, listLedger, listMessages, withMentions} from './store/messages.ts';
import {storeVersion} from './store/open.ts';
import {databasePath} from './workspace/paths.ts';
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
		readLedger: isHeld => (isHeld ? listHeldMentions(store) : listLedger(store, latestLines)),
		mend: () => reconcile(world),
		perform: action => perform(action, world),
	};
}
