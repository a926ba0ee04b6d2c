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
export function watchRaid(backend: Backend, first: Query, {onRaid, onError}: Listener): Watch {
	let query = first;
	let version = backend.version();
	let mending: Promise<unknown> | null = null;
	let readAt = performance.now();
	let postponed: NodeJS.Timeout | undefined;

	const guarded = (task: () => void) => () => {
		try {
			task();
		} catch (error) {
			onError(error);
		}
	};
	const publish = () => onRaid(backend.read(query));
	const readAgain = () => {
		clearTimeout(postponed);
		readAt = performance.now();
		version = backend.version();
		publish();
	};
	const lookForNews = () => {
		if (backend.version() === version) return;
		const pause = readAt + pauseMs - performance.now();
		clearTimeout(postponed);
		if (pause <= 0) readAgain();
		else postponed = setTimeout(guarded(readAgain), pause);
	};
	const mend = () => {
		mending ??= backend
			.mend()
			.catch(onError)
			.finally(() => {
				mending = null;
			});
	};
	const hints = watchDatabase(backend.db, guarded(lookForNews));
	const timers = [
		setInterval(guarded(lookForNews), pollMs),
		setInterval(guarded(publish), tickMs),
		setInterval(mend, mendMs),
	];
	publish();
	mend();
	return {
		ask(next) {
			query = next;
			guarded(readAgain)();
		},
		async close() {
			for (const timer of timers) clearInterval(timer);
			clearTimeout(postponed);
			await hints.close();
			await mending;
		},
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
