import type {Alert} from '../alert.ts';
import type {Instant} from '../time.ts';
import {type AlertParts, alertSince} from './parts.ts';

/** A configuration that cannot be used: until it is mended, nothing is launched. */
export function configAlerts(parts: AlertParts & {readonly at: Instant}): readonly Alert[] {
	const {configError, concerns, at} = parts;
	if (configError == null) return [];
	const open = concerns.recorded.find(({kind, closedAt}) => kind === 'config' && closedAt === null);
	const content = {
		kind: 'config',
		severity: 'critical',
		subject: 'config.json',
		spawn: null,
		channel: null,
		text: `Nothing is launched, because ${configError.replace(/\.$/, '')}`,
		help: {command: 'raid doctor', spawn: null, binding: null},
	} as const;
	// Nobody knows since when it is so: since it was first seen.
	return alertSince(open?.since ?? at, content, concerns);
}
