import {dirname} from 'node:path';
import {watch} from 'chokidar';
import {reconcile} from './launcher/reconcile.ts';
import type {Raid} from './model/raid.ts';
import {raidAt, readRecords, readStrays} from './snapshot.ts';
import {storeVersion} from './store/open.ts';
import {databasePath} from './workspace/paths.ts';
import type {World} from './world.ts';

/** A raid that is watched. */
export interface Feed {
	/** Shows another channel from now on. */
	readonly show: (channel: string) => void;
	readonly close: () => Promise<void>;
}

/** Where the news go. */
export interface Listener {
	readonly onRaid: (raid: Raid) => void;
	/** A look that failed; the feed goes on. */
	readonly onError: (error: unknown) => void;
}

// A file event comes before the commit can be seen: the version is looked at again after these pauses.
const looksAfterEventMs = [0, 1, 4, 15, 50];
const pollMs = 500;
const tickMs = 1000;
// A burst of commits is read, and drawn, at most this often.
const pauseMs = 100;
const reconcileMs = 5000;

/**
 * Calls `onRaid` with a fresh raid at once, whenever the store has changed, and each second, for time is news too.
 * chokidar gives the hint, `data_version` decides, a slow poll stands behind both; meanwhile it reconciles.
 */
export function watchRaid(world: World, channel: string | undefined, {onRaid, onError}: Listener): Feed {
	let shown = channel;
	let version = storeVersion(world.store);
	let records = readRecords(world, {channel: shown});
	// What is shown stays, wherever others speak meanwhile.
	shown ??= records.channel ?? undefined;
	let strays = readStrays();
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
	const publish = () => onRaid(raidAt(world, records, strays));
	const readAgain = () => {
		clearTimeout(postponed);
		readAt = performance.now();
		version = storeVersion(world.store);
		records = readRecords(world, {channel: shown});
		shown ??= records.channel ?? undefined;
		publish();
	};
	const look = () => {
		if (storeVersion(world.store) === version) return;
		const pause = readAt + pauseMs - performance.now();
		clearTimeout(postponed);
		if (pause <= 0) readAgain();
		else postponed = setTimeout(guarded(readAgain), pause);
	};
	const mend = () => {
		strays = readStrays();
		mending ??= reconcile(world)
			.catch(onError)
			.finally(() => {
				mending = null;
			});
	};
	const hints = watchDatabase(databasePath(world.home), guarded(look));
	const timers = [
		setInterval(guarded(look), pollMs),
		setInterval(guarded(publish), tickMs),
		setInterval(guarded(mend), reconcileMs),
	];
	publish();
	mend();
	return {
		show(next) {
			shown = next;
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
	// Raw events: the others come at most each 50 ms.
	watcher.on('raw', (_event, file) => {
		if (String(file).endsWith('-shm')) return;
		forget();
		pending = looksAfterEventMs.map(pause => setTimeout(look, pause));
	});
	// Without file events (a full watch table, a network file system) the poll is enough.
	watcher.on('error', () => {});
	return {
		close() {
			forget();
			return watcher.close();
		},
	};
}
