import type {Measurement} from './measure.ts';
import type {Raid, Size} from './raids.ts';

/** All that the cases share: raids of each size are made once. */
export interface Bench {
	readonly raidOf: (size: Size) => Raid;
	/** A bare screen of Ink, as a program. */
	readonly bareScreen: string;
}

/** One case of the benchmark. */
export interface BenchCase {
	readonly name: string;
	readonly summary: string;
	readonly run: (bench: Bench) => Promise<readonly Measurement[]>;
}

/** The sizes at which a case is measured. */
export const sizes = {
	empty: {spawns: 0, messages: 0},
	evening: {spawns: 100, messages: 1000},
	week: {spawns: 10_000, messages: 100_000},
} as const satisfies Readonly<Record<string, Size>>;
