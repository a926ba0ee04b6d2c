/** The kinds of changes that a key or a command can ask for. */
export type Wish = 'post' | 'stop' | 'hold';

/** The system that keeps the raid: raidwatch itself, or a space-os that raid only reads. */
export interface System {
	readonly kind: 'raidwatch' | 'space-os';
	/** Its name in the status line: `raid`, `space-os`. */
	readonly name: string;
	/** Which one: the project's folder, or the path of the database. */
	readonly location: string;
	/** An addition in the status line: `(read only)`; empty for a workspace. */
	readonly note: string;
	/** Why a change cannot be made here; null where it can. */
	readonly refusals: Readonly<Record<Wish, string | null>>;
}

/** Nothing is refused in a workspace. */
export const noRefusals: System['refusals'] = {post: null, stop: null, hold: null};
