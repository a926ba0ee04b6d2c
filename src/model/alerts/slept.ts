import type {Alert} from '../alert.ts';
import {isLive} from '../spawn.ts';
import {formatDuration} from '../time.ts';
import {type AlertParts, alertSince} from './parts.ts';

/** The machine slept while agents were at work: they have come less far than the time of day suggests. */
export function sleptAlerts({gaps, spawns, concerns}: AlertParts): readonly Alert[] {
	const missed = gaps.filter(({machine, until}) =>
		spawns.some(spawn => isLive(spawn) && spawn.machine === machine && spawn.createdAt < until),
	);
	return missed.flatMap(({machine, from, until}) => {
		const content = {
			kind: 'slept',
			severity: 'notice',
			subject: machine,
			spawn: null,
			channel: null,
			text: `The machine slept for ${formatDuration(until - from)}, and nothing ran meanwhile`,
			help: null,
		} as const;
		return alertSince(until, content, concerns);
	});
}
