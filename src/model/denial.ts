/** A call that a CLI refused its agent, and how often. */
export interface Denial {
	readonly text: string;
	readonly count: number;
}

/** Denials of several attempts or spawns as one list: each call once, first seen first. */
export function mergedDenials(lists: readonly (readonly Denial[])[]): readonly Denial[] {
	const counts = new Map<string, number>();
	for (const {text, count} of lists.flat()) counts.set(text, (counts.get(text) ?? 0) + count);
	return [...counts].map(([text, count]) => ({text, count}));
}
