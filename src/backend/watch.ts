import {dirname} from 'node:path';
import {watch} from 'chokidar';
import type {Query} from '../model/query.ts';
import type {Listener, Watch} from '../model/watch.ts';
import type {Backend} from './backend.ts';

// A file event comes before the commit is visible, so the version is compared again after these pauses.
const looksAfterEventMs = [0, 1, 4, 15, 50];
const pollMs = 500;
const tickMs = 1000;
// During a burst of commits the raid is read and drawn at most this often.
const pauseMs = 100;
const mendMs = 5000;

/**
 * Calls `onRaid` with a fresh raid at once, whenever the store changes, and each second, because durations change too.
 * File events are hints, the version decides, and a slow poll catches what the hints miss. Meanwhile the records are
 * mended.
 */
export function watchRaid(
	backend: Backend,
	first: Query,
	{onRaid, onError}: Omit<Listener, 'onTrouble'>,
): Watch {
	let query = first;
	const guarded = (task: () => void) => () => {
		try {
			task();
		} catch (error) {
			onError(error);
		}
	};
	const publish = () => onRaid(backend.read(query));
	const news = newsOf(backend, guarded(publish));
	const mender = menderOf(backend, onError);
	const hints = watchDatabase(backend.db, guarded(news.look));
	const timers = [
		setInterval(guarded(news.look), pollMs),
		setInterval(guarded(publish), tickMs),
		setInterval(mender.mend, mendMs),
	];
	publish();
	mender.mend();
	return {
		ask(next) {
			query = next;
			guarded(news.read)();
		},
		async close() {
			for (const timer of timers) clearInterval(timer);
			news.forget();
			await hints.close();
			await mender.isDone();
		},
	};
}

/** Calls `publish` when the version of the store has changed: at once, or a little later during a burst. */
function newsOf(backend: Backend, publish: () => void) {
	let version = backend.version();
	let readAt = performance.now();
	let postponed: NodeJS.Timeout | undefined;
	const forget = () => clearTimeout(postponed);
	const read = () => {
		forget();
		readAt = performance.now();
		version = backend.version();
		publish();
	};
	const look = () => {
		if (backend.version() === version) return;
		const pause = readAt + pauseMs - performance.now();
		forget();
		if (pause <= 0) read();
		else postponed = setTimeout(read, pause);
	};
	return {look, read, forget};
}

/** Mends the records, never twice at once. */
function menderOf(backend: Backend, onError: (error: unknown) => void) {
	let mending: Promise<unknown> | null = null;
	return {
		mend() {
			mending ??= backend
				.mend()
				.catch(onError)
				.finally(() => {
					mending = null;
				});
		},
		isDone: async () => void (await mending),
	};
}

/** Calls `look` a few times after each write to the database or its log. */
function watchDatabase(path: string, look: () => void): {close(): Promise<void>} {
	let pending: NodeJS.Timeout[] = [];
	const forget = () => {
		for (const timer of pending) clearTimeout(timer);
	};
	const watcher = watch(dirname(path), {
		depth: 0,
		ignoreInitial: true,
		ignored: file => file !== dirname(path) && !file.startsWith(path),
	});
	// Raw events, because the others come at most every 50 ms.
	watcher.on('raw', (_event, file) => {
		if (String(file).endsWith('-shm')) return;
		forget();
		pending = looksAfterEventMs.map(pause => setTimeout(look, pause));
	});
	// Where there are no file events (a full watch table, a network file system) the poll is enough.
	watcher.on('error', () => {});
	return {
		close() {
			forget();
			return watcher.close();
		},
	};
}
