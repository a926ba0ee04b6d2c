import type {Query} from './query.ts';
import type {Raid} from './raid.ts';

/** A raid that is watched. */
export interface Watch {
	/** Reads by another query from now on, and at once. */
	readonly ask: (query: Query) => void;
	readonly close: () => Promise<void>;
}

/** Receives what a watch reads. */
export interface Listener {
	readonly onRaid: (raid: Raid) => void;
	/** A read failed; the watch continues. */
	readonly onError: (error: unknown) => void;
	/** What keeps the raid from being shown or changed as it is, as a sentence; null when nothing does any more. */
	readonly onTrouble: (text: string | null) => void;
}
