let waitsFor: string | null = null;

/** Says what this process waits for, so that its heartbeat shows it; null when it waits for nothing any more. */
export function setWait(reason: string | null): void {
	waitsFor = reason;
}

/** What this process waits for: a disk that is full, a lock; null for nothing. */
export function currentWait(): string | null {
	return waitsFor;
}
