/** What keys and commands can ask for that changes a store. */
export type Wish = 'post' | 'stop' | 'hold';

/** That the store is a space-os: it is only read here, and steered through its own commands. */
export interface SpaceOs {
	/** Which one, for the status line: `space-os ~/.space/space.db (read only)`. */
	readonly title: string;
	/** Why a wish cannot be asked for here; null: it can. */
	readonly refusals: Readonly<Record<Wish, string | null>>;
}
