import type {SpawnId} from './spawn.ts';
import type {Instant} from './time.ts';

/** The kinds of alerts, the loudest first. */
export const alertKinds = [
	'blocked',
	'called',
	'orphan',
	'lost',
	'stray',
	'failed',
	'agent-failing',
	'breaker',
	'idle',
	'stalled',
	'no-session',
	'leash',
	'held',
	'quota',
	'overdue',
	'over',
] as const;

export type AlertKind = (typeof alertKinds)[number];

export type Severity = 'critical' | 'warning' | 'notice';

/** Something that needs a person. */
export interface Alert {
	/** Names the episode (kind, subject and since), so that every observer gives it the same name. */
	readonly id: string;
	readonly kind: AlertKind;
	readonly severity: Severity;
	/** What it is about: a spawn's id, a channel, an agent, a cause of failures. */
	readonly subject: string;
	readonly spawn: SpawnId | null;
	readonly channel: string | null;
	/** One sentence. */
	readonly text: string;
	/** What helps; null where nothing needs to be done. */
	readonly help: Help | null;
	readonly since: Instant;
	readonly acknowledgedAt: Instant | null;
}

/** A command that helps, and the key that does the same in the dashboard. */
export interface Help {
	/** The command line without the spawn that it names at its end: `raid stop`. */
	readonly command: string;
	/** The spawn that the command takes as its last argument; null for none. */
	readonly spawn: SpawnId | null;
	/** Id of the binding that does the same; null where no key does. */
	readonly binding: string | null;
}
