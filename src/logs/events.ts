import type {Fields} from '../model/agent.ts';
import type {ProviderEvent} from '../model/attempt.ts';
import type {Instant} from '../model/time.ts';
import {findProvider} from '../providers/index.ts';
import {readEvents} from '../providers/provider.ts';

/** How the lines of a log are to be read. */
export interface LogFormat {
	readonly provider: string;
	/** Paths of the values, for an agent that runs any executable. */
	readonly fields: Fields | null;
	readonly kind: 'output' | 'session';
}

/** Reads lines of a log as events. Yields none for a line of a provider that is unknown. */
export function eventReader({
	provider: name,
	fields,
	kind: output,
}: LogFormat): (line: string, now: Instant) => readonly ProviderEvent[] {
	const provider = findProvider(name);
	// `now` is when the line was printed, because a CLI may report a time by how far away it is.
	return (line, now) => (provider === null ? [] : readEvents(provider, line, {output, fields, now}));
}
