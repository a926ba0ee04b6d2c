import type {Fields} from '../model/agent.ts';
import type {ProviderEvent} from '../model/attempt.ts';
import type {Instant} from '../model/time.ts';
import {findProvider} from '../providers/index.ts';
import {readEvents} from '../providers/provider.ts';
import type {OutputLine} from './follow.ts';

/** How the lines of a log are to be read. */
export interface LogFormat {
	readonly provider: string;
	/** Paths of the values, for an agent that runs any executable. */
	readonly fields: Fields | null;
	readonly kind: 'output' | 'session';
}

/** Reads lines of a log as events: none for a line of a provider that is unknown, and one for what was left out. */
export function eventReader({
	provider: name,
	fields,
	kind: output,
}: LogFormat): (line: OutputLine, now: Instant) => readonly ProviderEvent[] {
	const provider = findProvider(name);
	// `now` is when the line was printed, because a CLI may report a time by how far away it is.
	return (line, now) => {
		if (typeof line !== 'string') return [{type: 'left out', ...line}];
		return provider === null ? [] : readEvents(provider, line, {output, fields, now});
	};
}
