/** An instant in epoch milliseconds. */
export type Instant = number;

/** A duration in milliseconds. */
export type Milliseconds = number;

export const second: Milliseconds = 1000;
export const minute: Milliseconds = 60 * second;

/** A duration for a person: `8s`, `1m 05s`, `2h 03m`. */
export function formatDuration(duration: Milliseconds): string {
	const seconds = Math.floor(Math.max(0, duration) / second);
	const minutes = Math.floor(seconds / 60);
	if (duration < minute) return `${seconds}s`;
	if (minutes < 60) return `${minutes}m ${String(seconds % 60).padStart(2, '0')}s`;
	return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`;
}

/** The instant of creation that a UUIDv7 holds; null for any other id. */
export function timeOfId(id: string): Instant | null {
	const digits = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/i.exec(id);
	return digits === null ? null : Number.parseInt(`${digits[1]}${digits[2]}`, 16);
}
