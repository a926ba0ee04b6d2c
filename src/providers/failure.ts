import type {Instant, Milliseconds} from '../model/time.ts';

// Statuses of an API that say the same however often one asks: bad request, authentication, payment, no such model.
const lasting: readonly number[] = [400, 401, 402, 403, 404, 405, 413, 422];
const lastingText =
	/\b(unauthorized|invalid (api )?key|api key not valid|not logged in|log ?in again|please run \/login|authenticat|permission.denied|model.{0,40}(not found|does not exist|not supported|may not exist)|credit balance)/i;

/** True for a failure that may be gone at the next try: rate, overload, network, and whatever nobody has named. */
export function canPass(text: string): boolean {
	const status = statusIn(text);
	return status === null ? !lastingText.test(text) : isPassing(status);
}

/** True for an HTTP status that may be another one at the next try. */
export function isPassing(status: number): boolean {
	return !lasting.includes(status);
}

/** The HTTP status of an error that an error's text names; null when it names none. */
export function statusIn(text: string): number | null {
	const match =
		/\b(?:status|error|code|HTTP)\b\D{0,12}([45]\d\d)\b/i.exec(text) ?? /^\D{0,3}([45]\d\d)\b/.exec(text);
	return match === null ? null : Number(match[1]);
}

const unitMs: Readonly<Record<string, Milliseconds>> = {
	d: 86_400_000,
	h: 3_600_000,
	m: 60_000,
	s: 1000,
};

/**
 * When a quota is there again, by what a CLI says of it: seconds since 1970 after a bar, `in`/`after` a duration, or
 * `at` a time of day, of the zone in brackets or of this machine. Null when it says nothing of the kind.
 */
export function resetTimeIn(text: string, now: Instant): Instant | null {
	const epoch = /\|(\d{10})\b/.exec(text);
	if (epoch !== null) return Number(epoch[1]) * 1000;
	const duration =
		/\b(?:in|after)\s+((?:\d+(?:\.\d+)?\s*(?:days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|[dhms])[\s,]*(?:and\s+)?)+)/i.exec(
			text,
		);
	if (duration !== null) return now + durationIn(duration[1] as string);
	return dateIn(text) ?? timeOfDayIn(text, now);
}

// A time that is told without its seconds may be up to a minute later.
const restOfMinute: Milliseconds = 60_000;

/** A date as Codex writes it, `Nov 25th, 2026 10:14 AM`, of the zone of this machine. */
function dateIn(text: string): Instant | null {
	const match = /\b([A-Z][a-z]{2}) (\d{1,2})(?:st|nd|rd|th)?, (\d{4}) (\d{1,2}:\d\d [AP]M)/.exec(text);
	if (match === null) return null;
	const [, month, day, year, time] = match;
	const at = Date.parse(`${month} ${day}, ${year} ${time}`);
	return Number.isNaN(at) ? null : at + restOfMinute;
}

function durationIn(text: string): Milliseconds {
	const parts = text.matchAll(/(\d+(?:\.\d+)?)\s*([dhms])[a-z]*/gi);
	return [...parts].reduce(
		(sum, [, count, unit = '']) => sum + Number(count) * (unitMs[unit.toLowerCase()] ?? 0),
		0,
	);
}

const dayMs: Milliseconds = 86_400_000;

/** The next instant at which a clock shows what follows `resets` or `at`, as `3pm`, `3:45 PM (Europe/Paris)`. */
function timeOfDayIn(text: string, now: Instant): Instant | null {
	const match = /\b(?:resets?|at)\s+(?:at\s+)?(\d{1,2})(?::(\d\d))?\s*([ap]m)(?:\s*\(([\w/+-]+)\))?/i.exec(
		text,
	);
	if (match === null) return null;
	const [, hour, minute = '0', half = '', zone] = match;
	const minutes = ((Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)) * 60 + Number(minute);
	const ahead = (minutes - minutesOfDay(now, zone) + 24 * 60) % (24 * 60);
	const start = now - (now % 60_000);
	return start + (ahead === 0 ? dayMs : ahead * 60_000) + restOfMinute;
}

function minutesOfDay(at: Instant, zone: string | undefined): number {
	const parts = (timeZone: string | undefined) =>
		new Intl.DateTimeFormat('en-GB', {
			timeZone,
			hour: 'numeric',
			minute: 'numeric',
			hourCycle: 'h23',
		}).formatToParts(at);
	const shown = isZone(zone) ? parts(zone) : parts(undefined);
	const part = (type: string) => Number(shown.find(entry => entry.type === type)?.value ?? 0);
	return part('hour') * 60 + part('minute');
}

function isZone(zone: string | undefined): boolean {
	try {
		return zone !== undefined && new Intl.DateTimeFormat('en', {timeZone: zone}) !== null;
	} catch {
		return false;
	}
}
