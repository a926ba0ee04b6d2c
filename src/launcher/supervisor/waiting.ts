const reasons = new Map<object, string>();

/** Says why one of the tasks of this process waits, so that its heartbeat shows it; null when it waits no more. */
export function setWait(task: object, reason: string | null): void {
	if (reason === null) reasons.delete(task);
	else reasons.set(task, reason);
}

/** Why this process waits, as its oldest waiting task says: a full disk, a lock; null when it does not wait. */
export function currentWait(): string | null {
	return reasons.values().next().value ?? null;
}
