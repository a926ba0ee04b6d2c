import {setTimeout as delay} from 'node:timers/promises';
import {StoreError} from '../errors.ts';
import type {Action, ResultOf} from '../model/action.ts';
import {formatDuration, type Milliseconds, minute, second} from '../model/time.ts';
import {isBusy} from '../store/patience.ts';
import type {FileState} from '../store/replaced.ts';
import type {Backend} from './backend.ts';

/** What a raid needs to be shown on a screen that must never stand still. */
export interface ScreenPatience {
	/** Called with a sentence when a write has waited for a while, and with null when none waits any more. */
	readonly onWait: (text: string | null) => void;
	/** Aborted when the screen is closed: nothing is tried any more. */
	readonly closed: AbortSignal;
}

const pauseMs: Milliseconds = 150;
// A look at every process belongs to it.
const mendPauseMs: Milliseconds = second;
const saidAfterMs: Milliseconds = second;
const giveUpAfterMs: Milliseconds = 2 * minute;

/** The raid for a screen: a write that another process keeps waiting is tried again later, and meanwhile all else runs. */
export function patientBackend(backend: Backend, patience: ScreenPatience): Backend {
	backend.file?.dontWait();
	const tryAgain = triesOf(backend, patience);
	const fileState = (): FileState => backend.file?.state() ?? 'same';
	return {
		...backend,
		perform<A extends Action>(action: A): Promise<ResultOf<A>> {
			const state = fileState();
			if (state !== 'same' && action.type !== 'stop') return Promise.reject(lost(backend.db, state));
			let before: number | undefined;
			const attempt = () => {
				before = backend.file?.writes();
				return backend.perform(action);
			};
			// A post that has been stored must not be stored again.
			const mayRepeat = () => repeatable.has(action.type) || backend.file?.writes() === before;
			return tryAgain(attempt, mayRepeat, pauseMs);
		},
		mend: async () => {
			if (fileState() === 'same') await tryAgain(backend.mend, () => true, mendPauseMs);
		},
	};
}

/** Tries something until no other process is in its way. Throws a StoreError when that takes too long. */
type TryAgain = <T>(attempt: () => Promise<T>, mayRepeat: () => boolean, pause: Milliseconds) => Promise<T>;

function triesOf(backend: Backend, {onWait, closed}: ScreenPatience): TryAgain {
	const waiting = new Set<object>();
	const note = (task: object, isWaiting: boolean) => {
		const before = waiting.size > 0;
		if (isWaiting) waiting.add(task);
		else waiting.delete(task);
		if (waiting.size > 0 !== before) onWait(before ? null : describeWait(backend));
	};
	return async (attempt, mayRepeat, pause) => {
		const task = {};
		try {
			for (const beganAt = performance.now(); ; ) {
				try {
					return await attempt();
				} catch (error) {
					const waitedMs = performance.now() - beganAt;
					if (!isBusy(error) || !mayRepeat()) throw error;
					if (waitedMs >= giveUpAfterMs) throw gaveUp(backend, waitedMs);
					if (waitedMs >= saidAfterMs) note(task, true);
				}
				await delay(pause, undefined, {signal: closed});
			}
		} finally {
			note(task, false);
		}
	};
}

/** Actions that do the same when they are done twice. */
const repeatable: ReadonlySet<Action['type']> = new Set([
	'stop',
	'hold',
	'lift',
	'release',
	'drop',
	'clean-up',
	'set-limits',
	'acknowledge',
]);

function describeWait(backend: Backend): string {
	return `Waiting for another process that writes to the store${writerIn(backend)}.`;
}

function gaveUp(backend: Backend, waitedMs: Milliseconds): StoreError {
	return new StoreError(
		`Another process${writerIn(backend)} has been writing to ${backend.db} for ${formatDuration(waitedMs)}: nothing was stored.`,
		'Try again, or end that process.',
	);
}

function writerIn({file}: Backend): string {
	const writer = file?.writer() ?? null;
	return writer === null ? '' : ` (${writer})`;
}

function lost(db: string, state: Exclude<FileState, 'same'>): StoreError {
	return new StoreError(`${db} ${describeLoss[state]}: nothing can be stored.`);
}

/** What happened to the file of a store, as the end of a sentence that begins with its path. */
const describeLoss = {
	gone: 'is gone',
	replaced: 'was replaced',
} as const;
