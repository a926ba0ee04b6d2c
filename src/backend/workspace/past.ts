import {recordsFrom} from '../../model/history.ts';
import {pastFacts, pastRecords} from '../../model/past.ts';
import {sessionlessOf} from '../../model/past-concerns.ts';
import type {Query} from '../../model/query.ts';
import {type Raid, raidOf} from '../../model/raid.ts';
import type {Instant} from '../../model/time.ts';
import {findProvider} from '../../providers/index.ts';
import {requireChannel} from '../../store/channels.ts';
import {latestSequence, listEvents} from '../../store/events.ts';
import type {Workspace} from '../../workspace/open.ts';
import {databasePath} from '../../workspace/paths.ts';
import {groupSessionless, systemOf} from './records.ts';

/** Reads the raid as it was at an instant, from the log alone: nobody knows the processes of the past. */
export function pastReader(workspace: Workspace): (query: Query, at: Instant) => Raid {
	const {store, home, config} = workspace;
	let log: {readonly sequence: number; readonly events: ReturnType<typeof listEvents>} | null = null;
	return (query, at) => {
		if (query.channel !== null) requireChannel(store, query.channel);
		const sequence = latestSequence(store);
		if (log?.sequence !== sequence) log = {sequence, events: listEvents(store)};
		// Where the clock was set back, an instant stands for the last time that the clock showed it.
		const end = log.events.findLastIndex(event => event.at <= at) + 1;
		const events = log.events.slice(0, end);
		const record = recordsFrom(events);
		const records = pastRecords(record, events, query, {
			home,
			db: databasePath(home),
			system: systemOf(workspace),
			limits: config.limits,
			sessionless: groupSessionless(sessionlessOf(record)),
		});
		const facts = records.spawns.map(
			spawn => [spawn.id, pastFacts(spawn, findProvider(spawn.provider)?.keepsSession ?? false)] as const,
		);
		return raidOf(records, new Map(facts), at);
	};
}
