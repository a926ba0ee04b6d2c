import type {Database} from 'better-sqlite3';
import {codeOf, StoreError} from '../errors.ts';
import {formatDuration, type Milliseconds, second} from '../model/time.ts';

/** How a store waits for another process that writes to it. */
export interface Patience {
	/** How long it waits while no other process gets on either, and ten times as long at most. */
	readonly waitMs: Milliseconds;
	/** Called once for each wait in which for a second nobody else got on either, with a sentence for whoever waits. */
	readonly onWait?: (text: string) => void;
	/** Describes the process that keeps others from writing to the database at a path; null when that is not known. */
	readonly writerOf?: (path: string) => string | null;
}

/** A store that another process kept busy for longer than this one waits. Nothing was written. */
export class StoreBusyError extends StoreError {
	/** As SQLite calls it: it may pass. */
	readonly code = 'SQLITE_BUSY';

	constructor(path: string, waitedMs: Milliseconds, writer: string | null) {
		const who = writer === null ? 'another process' : `another process (${writer})`;
		super(
			`${path} is kept busy by ${who}: gave up after ${formatDuration(waitedMs)}.`,
			writer === null ? 'Try again.' : 'Try again, or end that process.',
		);
	}
}

/** The patience of a command: nobody waits for a process that is stuck, but everybody for those that get on. */
export const usualPatience: Patience = {waitMs: 30 * second};

/** The patience of a supervisor, which tries again by itself: meanwhile it looks after its agent. */
export const supervisorPatience: Patience = {waitMs: second};

/** How long SQLite itself waits at a time, without a word. */
export const shortWaitMs: Milliseconds = 250;

const saidAfterMs: Milliseconds = second;
// Where many write, each one waits for a while.
const saidAnywayMs: Milliseconds = 10 * second;
// Waiting is not fair: among 50 writers that never pause, one waited for more than 30 s.
const unfairness = 10;
const longestPauseMs: Milliseconds = 20;

const patiences = new WeakMap<Database, Patience>();

/** Sets how a store waits from now on. */
export function setPatience(store: Database, patience: Patience): void {
	patiences.set(store, patience);
	store.pragma(`busy_timeout = ${Math.min(shortWaitMs, patience.waitMs)}`);
}

/** Does something with a store that waits for at most `waitMs` meanwhile. */
export function impatiently<T>(store: Database, waitMs: Milliseconds, act: () => T): T {
	const usual = patiences.get(store) ?? usualPatience;
	setPatience(store, {...usual, waitMs});
	try {
		return act();
	} finally {
		setPatience(store, usual);
	}
}

/**
 * Does something that begins with a lock of the database, and tries again while another process has it. `act` calls its
 * argument as soon as it has the lock. Throws a StoreBusyError when the store's patience is over.
 */
export function patiently<T>(store: Database, act: (begin: () => void) => T): T {
	let hasBegun = false;
	const attempt = () =>
		act(() => {
			hasBegun = true;
		});
	// Within a transaction the lock is there.
	if (store.inTransaction) return attempt();
	const wait = waiting(store);
	for (;;) {
		try {
			return attempt();
		} catch (error) {
			if (hasBegun || !isBusy(error)) throw error;
			wait();
		}
	}
}

/** True for the error of a write that another process kept from beginning. Nothing was written. */
export function isBusy(error: unknown): boolean {
	return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
}

/** Returns what pauses once between two tries: it says that it waits, and throws when it has waited long enough. */
function waiting(store: Database): () => void {
	const {waitMs, onWait, writerOf} = patiences.get(store) ?? usualPatience;
	const path = store.name;
	const beganAt = performance.now();
	let movedAt = beganAt;
	let version: unknown;
	let hasSaid = false;
	return () => {
		const now = performance.now();
		const seen = versionOf(store);
		if (seen !== version) movedAt = now;
		version = seen;
		const isOver = now - movedAt >= waitMs || now - beganAt >= unfairness * waitMs;
		if (isOver) throw new StoreBusyError(path, now - beganAt, writerOf?.(path) ?? null);
		if (!hasSaid && (now - movedAt >= saidAfterMs || now - beganAt >= saidAnywayMs)) {
			hasSaid = true;
			const writer = writerOf?.(path) ?? null;
			onWait?.(`Waiting for another process that writes to ${path}${writer === null ? '' : `: ${writer}`} …`);
		}
		pause(Math.random() * longestPauseMs);
	};
}

/** Changes with each commit of another process; null while that cannot be read either. */
function versionOf(store: Database): unknown {
	try {
		return store.pragma('data_version', {simple: true});
	} catch {
		return null;
	}
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

function pause(forMs: Milliseconds): void {
	Atomics.wait(sleeper, 0, 0, forMs);
}
