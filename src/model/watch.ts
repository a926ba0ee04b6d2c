import type {Query} from './query.ts';
import type {Raid} from './raid.ts';

/** A raid that is watched. */
export interface Watch {
	/** Reads by another query from now on, and at once. */
	readonly ask: (query: Query) => void;
	readonly close: () => Promise<void>;
}

/** Where the news go. */
export interface Listener {
	readonly onRaid: (raid: Raid) => void;
	/** A reading that failed; the watch continues. */
	readonly onError: (error: unknown) => void;
}
