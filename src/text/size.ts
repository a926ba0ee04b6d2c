/** A size in columns and rows. */
export interface Size {
	readonly width: number;
	readonly height: number;
}

/** The smallest terminal in which the dashboard can be shown. */
export const smallestScreen: Size = {width: 40, height: 10};
