/** Measurements of one thing: the middle one, and the range that holds most of them. */
export interface Spread {
	readonly median: number;
	/** The 95th and the 99th percentile: the slow ones. */
	readonly p95: number;
	readonly p99: number;
	readonly least: number;
	readonly most: number;
	readonly count: number;
}

/** One line of the table. */
export interface Measurement {
	readonly case: string;
	/** Under which conditions: `10,000 spawns`. */
	readonly size: string;
	readonly unit: 'ms' | 'MiB' | '% CPU' | 'KB/s' | 'count';
	readonly ours: Spread;
	/** The same for a bare program that does the least that can be done; null where nothing compares. */
	readonly baseline: {readonly name: string; readonly spread: Spread} | null;
	/** Ours by the baseline, pair by pair. */
	readonly ratio: Spread | null;
	/** The goal, in words. */
	readonly goal: string | null;
}

/** The spread of measurements, one at least. */
export function spreadOf(values: readonly number[]): Spread {
	const sorted = values.toSorted((a, b) => a - b);
	const at = (part: number) =>
		sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
	return {median: at(0.5), p95: at(0.95), p99: at(0.99), least: at(0), most: at(1), count: sorted.length};
}

/** The ratios of pairs that were measured one after the other, so that a slow moment of the machine meets both. */
export function ratioOf(ours: readonly number[], baseline: readonly number[]): Spread {
	return spreadOf(ours.map((value, index) => value / (baseline[index] ?? Number.NaN)));
}
