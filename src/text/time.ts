import type {Instant} from '../model/time.ts';

// Making a format takes longer than drawing a whole row.
const clockFormat = new Intl.DateTimeFormat('en-GB', {timeStyle: 'medium', hourCycle: 'h23'});

/** The time of day of an instant, in the time zone of the reader. */
export function clock(instant: Instant): string {
	return clockFormat.format(instant);
}
