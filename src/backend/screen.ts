import {describeError} from '../errors.ts';
import type {Query} from '../model/query.ts';
import {second} from '../model/time.ts';
import type {Listener, Watch} from '../model/watch.ts';
import type {Backend} from './backend.ts';
import {patientBackend} from './patience.ts';
import {watchRaid} from './watch.ts';

const lookMs = second;

/** A raid as the screen is connected to it. */
export interface Screen {
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
): Screen {
	let report: Listener['onTrouble'] = () => {};
	let wait: string | null = null;
	let loss: string | null = null;
	const say = () => report(loss ?? wait);
	const patient = (backend: Backend) =>
		patientBackend(backend, {
			closed,
			onWait(text) {
				wait = text;
				say();
			},
		});
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

	return {
		perform: action => current.perform(action),
		watch(query, listener) {
			report = listener.onTrouble;
			let asked = query;
			let watching = watchRaid(current, query, listener);
			let isLooking = false;
			const look = async () => {
				const state = current.file?.state() ?? 'same';
				loss =
					state === 'gone'
						? `${current.db} is gone: this is the last that was read, and nothing can be stored.`
						: null;
				if (state === 'replaced') {
					loss = await openAgain();
					if (loss === null && !closed.aborted) {
						void watching.close();
						watching = watchRaid(current, asked, listener);
					}
				}
				say();
			};
			const timer = setInterval(() => {
				if (isLooking) return;
				isLooking = true;
				look()
					.catch(listener.onError)
					.finally(() => {
						isLooking = false;
					});
			}, lookMs);
			return {
				ask(next) {
					asked = next;
					watching.ask(next);
				},
				async close() {
					clearInterval(timer);
					await watching.close();
				},
			};
		},
	};
}
