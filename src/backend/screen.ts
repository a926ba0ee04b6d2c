import {describeError} from '../errors.ts';
import type {Query} from '../model/query.ts';
import {second} from '../model/time.ts';
import type {Listener, Watch} from '../model/watch.ts';
import type {Backend} from './backend.ts';
import {patientBackend} from './patience.ts';
import {watchRaid} from './watch.ts';

/** A raid as the screen is connected to it. */
export interface ScreenConnection {
	/** Watches the raid; one watch at a time. */
	readonly watch: (query: Query, listener: Listener) => Watch;
	readonly perform: Backend['perform'];
}

/**
 * Connects a screen to a raid. Nothing that it does waits for another process; what keeps it from showing or storing the
 * truth is reported as trouble. A database that was replaced is opened again with `reopen`, when that is not null.
 * Nothing is tried any more once `closed` is aborted.
 */
export function connectScreen(
	first: Backend,
	reopen: (() => Promise<Backend>) | null,
	closed: AbortSignal,
): ScreenConnection {
	const trouble = aTrouble();
	const patient = (backend: Backend) => patientBackend(backend, {closed, onWait: trouble.setWait});
	let current = patient(first);

	/** Opens the database that has come in place of ours; what is in the way, null when that is nothing. */
	async function openAgain(): Promise<string | null> {
		const {db} = current;
		if (reopen === null) return `${db} was replaced: this is the last that was read.`;
		try {
			current = patient(await reopen());
			return null;
		} catch (error) {
			return `${db} was replaced and cannot be opened, so this is the last that was read: ${describeError(error)}`;
		}
	}

	function watch(first: Query, listener: Listener): Watch {
		trouble.reportTo(listener.onTrouble);
		let query = first;
		let watching = watchRaid(current, query, listener);
		const look = async () => {
			const state = current.file?.state() ?? 'same';
			if (state === 'same') return trouble.setLoss(null);
			if (state === 'gone') return trouble.setLoss(describeGone(current.db));
			const obstacle = await openAgain();
			trouble.setLoss(obstacle);
			if (obstacle !== null || closed.aborted) return;
			void watching.close();
			watching = watchAgain(current, query, listener);
		};
		const stopLooking = eachSecond(look, listener.onError);
		return {
			ask(next) {
				query = next;
				watching.ask(next);
			},
			async close() {
				stopLooking();
				await watching.close();
			},
		};
	}

	return {watch, perform: action => current.perform(action)};
}

function describeGone(db: string): string {
	return `${db} is gone: this is the last that was read, and nothing can be stored.`;
}

/** Watches a raid in place of another one, which may have had other channels. */
function watchAgain(backend: Backend, query: Query, listener: Listener): Watch {
	try {
		return watchRaid(backend, query, listener);
	} catch (error) {
		listener.onError(error);
		return watchRaid(backend, {...query, channel: null}, listener);
	}
}

/** Reports what keeps a screen from showing or storing the truth: first that its database is lost, then that it waits. */
function aTrouble() {
	let report: Listener['onTrouble'] = () => {};
	let wait: string | null = null;
	let loss: string | null = null;
	const say = () => report(loss ?? wait);
	return {
		reportTo(next: Listener['onTrouble']) {
			report = next;
		},
		setWait(text: string | null) {
			wait = text;
			say();
		},
		setLoss(text: string | null) {
			loss = text;
			say();
		},
	};
}

/** Calls `look` each second, never twice at once; returns what ends that. */
function eachSecond(look: () => Promise<void>, onError: Listener['onError']): () => void {
	let isLooking = false;
	const timer = setInterval(() => {
		if (isLooking) return;
		isLooking = true;
		look()
			.catch(onError)
			.finally(() => {
				isLooking = false;
			});
	}, second);
	return () => clearInterval(timer);
}
