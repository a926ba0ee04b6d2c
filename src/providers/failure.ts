import type {Instant, Milliseconds} from '../model/time.ts';

// HTTP statuses that stay the same however often one asks: bad request, authentication, payment, unknown model.
const lasting: readonly number[] = [400, 401, 402, 403, 404, 405, 413, 422];
const lastingText =
	/\b(unauthorized|invalid (api )?key|api key not valid|not logged in|log ?in again|please run \/login|authenticat|permission.denied|credit balance|max_turns|max_budget|prompt is too long|token has expired|has been disabled|unknown (option|argument)|unexpected argument|auth method|must specify the GEMINI_API_KEY|manual authorization)/i;
const unknownModel = /\bmodel.{0,40}(not found|does not exist|not supported|may not exist)/i;

/** True for a failure that may pass: a rate limit, overload, the network, and any failure that is not known here. */
export function canPass(text: string): boolean {
	const status = statusIn(text);
	return status === null ? !(lastingText.test(text) || unknownModel.test(text)) : isPassing(status);
}

/** True for an HTTP status that may differ at the next try. */
export function isPassing(status: number): boolean {
	return !lasting.includes(status);
}

/** The HTTP status that an error message names; null when it names none. */
export function statusIn(text: string): number | null {
	const match =
		/\b(?:status|error|code|HTTP)\b\D{0,12}([45]\d\d)\b/i.exec(text) ?? /^\D{0,3}([45]\d\d)\b/.exec(text);
	return match === null ? null : Number(match[1]);
}

const authenticationText =
	/\b(?:unauthorized|invalid (?:api )?key|invalid x-api-key|api key not valid|incorrect api key|not logged in|log ?in again|please run \/login|please log in|authentication_error|authentication failed|failed to authenticate|token has expired|token expired|token has been revoked|auth method|must specify the GEMINI_API_KEY|manual authorization|IneligibleTier)/i;

/**
 * True for the failure of a spawn whose CLI has no login that its provider accepts. Every agent of that provider fails so
 * until a person logs in; those of other providers do not.
 */
export function isAuthenticationFailure(text: string): boolean {
	return statusIn(text) === 401 || authenticationText.test(text);
}

const unitMs: Readonly<Record<string, Milliseconds>> = {
	d: 86_400_000,
	h: 3_600_000,
	m: 60_000,
	s: 1000,
	ms: 1,
};

/**
 * When a quota resets, according to a CLI's message: epoch seconds after a bar, `in` or `after` a duration, or `at` a
 * time of day, in the time zone in parentheses or else in that of this machine. Null when the message gives no time.
 */
export function resetTimeIn(text: string, now: Instant): Instant | null {
	const epoch = /\|(\d{10})\b/.exec(text);
	if (epoch !== null) return Number(epoch[1]) * 1000;
	const duration = durationPattern.exec(text);
	if (duration !== null) return now + durationIn(duration[1] as string);
	return clockTimeIn(text, now);
}

// A time given without seconds may be up to a minute later.
const restOfMinute: Milliseconds = 60_000;

const durationPattern =
	/\b(?:in|after)\s+((?:\d+(?:\.\d+)?\s*(?:days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|ms|[dhms])(?![a-z])[\s,]*(?:and\s+)?|\d+[dhm](?=\d))+)/i;

function durationIn(text: string): Milliseconds {
	const parts = text.matchAll(/(\d{1,9}(?:\.\d{1,9})?)\s{0,9}(ms|[dhms])/gi);
	return [...parts].reduce(
		(sum, [, count, unit = '']) => sum + Number(count) * (unitMs[unit.toLowerCase()] ?? 0),
		0,
	);
}

const minutesOfWholeDay = 24 * 60;
const dayMs: Milliseconds = minutesOfWholeDay * 60_000;
// A time that was given a moment ago may have passed when it is read.
const justOver = 10;
const farthestDays = 40;

const clockPattern =
	/\b(?:resets?|at|until)\s+(?:at\s+)?(?:([A-Z][a-z]{2}) (\d{1,2})(?:st|nd|rd|th)?(?:, \d{4})?,?\s+(?:at\s+)?)?(\d{1,2})(?::(\d\d))?\s*([ap]m)(?:\s*\(([\w/+-]+)\))?/i;

/**
 * The next instant at which a clock shows what follows `resets` or `at`: `3pm`, `3:45 PM (Europe/Paris)`,
 * `Nov 25th, 2026 10:14 AM`.
 */
function clockTimeIn(text: string, now: Instant): Instant | null {
	const match = clockPattern.exec(text);
	if (match === null) return null;
	const [, month, day, hour, minute = '0', half = '', named] = match;
	const zone = isZone(named) ? named : undefined;
	const minutes = ((Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)) * 60 + Number(minute);
	const ahead = (minutes - minutesOfDay(now, zone) + minutesOfWholeDay) % minutesOfWholeDay;
	const isOver = month === undefined && ahead > minutesOfWholeDay - justOver;
	const next = now - (now % 60_000) + (isOver ? 0 : ahead * 60_000) + restOfMinute;
	if (month === undefined) return next;
	const date = `${month} ${Number(day)}`.toLowerCase();
	const days = Array.from({length: farthestDays}, (_, index) => next + index * dayMs);
	return days.find(at => dateOf(at - restOfMinute, zone).toLowerCase() === date) ?? null;
}

function dateOf(at: Instant, timeZone: string | undefined): string {
	return new Intl.DateTimeFormat('en-US', {timeZone, month: 'short', day: 'numeric'}).format(at);
}

function minutesOfDay(at: Instant, timeZone: string | undefined): number {
	const options = {timeZone, hour: 'numeric', minute: 'numeric', hourCycle: 'h23'} as const;
	const parts = new Intl.DateTimeFormat('en-GB', options).formatToParts(at);
	const part = (type: string) => Number(parts.find(entry => entry.type === type)?.value ?? 0);
	return part('hour') * 60 + part('minute');
}

function isZone(zone: string | undefined): boolean {
	try {
		return zone !== undefined && new Intl.DateTimeFormat('en', {timeZone: zone}) !== null;
	} catch {
		return false;
	}
}
