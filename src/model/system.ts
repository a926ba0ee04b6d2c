/** What keys and commands can ask for that changes a store. */
export type Wish = 'post' | 'stop' | 'hold';

/** The system that keeps the raid: raidwatch itself, or a space-os that raid only reads. */
export interface System {
	readonly kind: 'raidwatch' | 'space-os';
	/** How the status line calls it: `raid`, `space-os`. */
	readonly name: string;
	/** Which one: the project's folder, or the path of the database. */
	readonly location: string;
	/** What the status line must add: `(read only)`; empty for a workspace. */
	readonly note: string;
	/** Why a wish cannot be asked for here; null where it can. */
	readonly refusals: Readonly<Record<Wish, string | null>>;
}

/** Nothing is refused in a workspace. */
export const noRefusals: System['refusals'] = {post: null, stop: null, hold: null};
