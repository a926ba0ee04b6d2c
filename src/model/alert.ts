import {createHash} from 'node:crypto';
import type {SpawnId} from './spawn.ts';
import {type Instant, type Milliseconds, minute} from './time.ts';

/** The kinds of alerts, the loudest first. */
export const alertKinds = [
	'blocked',
	'called',
	'orphan',
	'lost',
	'config',
	'stuck',
	'stray',
	'failed',
	'agent-failing',
	'denied',
	'breaker',
	'disk',
	'idle',
	'stalled',
	'no-session',
	'leash',
	'held',
	'quota',
	'elsewhere',
	'overdue',
	'slept',
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
	/** The subject: a spawn's id, a channel, an agent, a cause of failures. */
	readonly subject: string;
	readonly spawn: SpawnId | null;
	readonly channel: string | null;
	/** One sentence. */
	readonly text: string;
	/** The remedy; null where nothing needs to be done. */
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

/** The part of a recorded alert that names its episode. */
export interface RecordedEpisode extends Pick<Alert, 'id' | 'kind' | 'subject' | 'since' | 'acknowledgedAt'> {
	/** Null while it is open. */
	readonly closedAt: Instant | null;
}

/** The critical alerts and the warnings that nobody has acknowledged. Notices never need a person. */
export function needsPerson(alerts: readonly Alert[]): readonly Alert[] {
	return alerts.filter(({severity, acknowledgedAt}) => severity !== 'notice' && acknowledgedAt === null);
}

/** The id of an episode: short enough to type, and the same for everybody who reads the same records. */
export function episodeId(kind: AlertKind, subject: string, since: Instant): string {
	return createHash('sha256')
		.update(JSON.stringify([kind, subject, since]))
		.digest('hex')
		.slice(0, 8);
}

/** Something that belongs to an alert, and when it happened: one failure of several, say. */
interface Occasion {
	readonly at: Instant;
}

/** Occasions that make one alert. */
export interface Episode<T extends Occasion> extends Pick<Alert, 'id' | 'since' | 'acknowledgedAt'> {
	/** Oldest first, one at least. */
	readonly occasions: readonly T[];
}

/**
 * Divides the open occasions of one subject, oldest first, into episodes. Occasions after an acknowledgement make a new
 * episode. An episode that is recorded and open keeps its beginning when its first occasion has been settled meanwhile.
 */
export function episodesOf<T extends Occasion>(
	kind: AlertKind,
	subject: string,
	occasions: readonly T[],
	recorded: readonly RecordedEpisode[],
): readonly Episode<T>[] {
	const own = recorded.filter(record => record.kind === kind && record.subject === subject);
	const episodes: Episode<T>[] = [];
	let left = occasions;
	for (let first = left[0]; first !== undefined; first = left[0]) {
		const {at} = first;
		const open = own
			.filter(record => record.closedAt === null && record.since <= at)
			.reduce<RecordedEpisode | null>((last, next) => (next.since > (last?.since ?? 0) ? next : last), null);
		const isOver = open?.acknowledgedAt != null && open.acknowledgedAt < at;
		const since = open === null || isOver ? at : open.since;
		const id = episodeId(kind, subject, since);
		const acknowledgedAt = own.find(record => record.id === id)?.acknowledgedAt ?? null;
		const end =
			acknowledgedAt === null ? -1 : left.findIndex(next => next.at > acknowledgedAt && next !== first);
		episodes.push({id, since, acknowledgedAt, occasions: end === -1 ? left : left.slice(0, end)});
		left = end === -1 ? [] : left.slice(end);
	}
	return episodes;
}

/** Orders alerts: those that nobody has acknowledged, blocked agents and calls, then by severity, then the oldest first. */
export function byUrgency(a: Alert, b: Alert): number {
	const isKnown = ({acknowledgedAt}: Alert) => Number(acknowledgedAt !== null);
	return isKnown(a) - isKnown(b) || rankOf(a) - rankOf(b) || a.since - b.since || (a.id < b.id ? -1 : 1);
}

function rankOf({kind, severity}: Alert): number {
	if (kind === 'blocked' || kind === 'called') return alertKinds.indexOf(kind);
	return alertKinds.length + ['critical', 'warning', 'notice'].indexOf(severity);
}

/** Alerts that are to be recorded as opened, and ids of those that are to be recorded as closed. */
export interface AlertChanges {
	readonly opened: readonly Alert[];
	readonly closed: readonly string[];
}

/** An alert that comes back sooner than this is not recorded again, so that one that flaps does not fill the log. */
const reopensAfterMs: Milliseconds = minute;

/**
 * How the recorded alerts differ from those that hold now. A notice is recorded once: its episode says nothing new when it
 * comes back.
 */
export function changesOf(
	alerts: readonly Alert[],
	recorded: readonly (RecordedEpisode & Pick<Alert, 'severity'>)[],
	at: Instant,
): AlertChanges {
	const known = new Map(recorded.map(record => [record.id, record]));
	const present = new Set(alerts.map(({id}) => id));
	const opened = alerts.filter(({id, severity}) => {
		const record = known.get(id);
		if (record === undefined) return true;
		if (record.closedAt === null) return record.severity !== severity;
		return severity !== 'notice' && at - record.closedAt >= reopensAfterMs;
	});
	const closed = recorded.filter(({id, closedAt}) => closedAt === null && !present.has(id));
	return {opened, closed: closed.map(({id}) => id)};
}
