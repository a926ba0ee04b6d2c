import type {Alert} from '../alert.ts';
import type {SpawnId} from '../spawn.ts';
import type {Instant} from '../time.ts';
import {type AlertParts, alertSince} from './parts.ts';

/** Living processes that name this workspace and a spawn which its store does not know: it was replaced, or made anew. */
export interface Stranger {
	readonly spawn: SpawnId;
	readonly pids: readonly number[];
	/** When the spawn was created. */
	readonly since: Instant;
}

/** One alert for each unknown spawn that still runs. */
export function strangerAlerts({strangers = [], concerns}: AlertParts): readonly Alert[] {
	return strangers.flatMap(({spawn, pids, since}) =>
		alertSince(
			since,
			{
				kind: 'stray',
				severity: 'critical',
				subject: spawn,
				spawn: null,
				channel: null,
				text: `A spawn that the store does not know still runs (PID ${pids.join(', ')})`,
				help: {command: 'raid cleanup', spawn: null, binding: null},
			},
			concerns,
		),
	);
}
