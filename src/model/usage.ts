/** The usage of a spawn, or of several, as their CLIs report it. */
export interface Used {
	/** Null while no CLI has reported any. */
	readonly tokensIn: number | null;
	readonly tokensOut: number | null;
	/** US dollars, by the CLIs' own estimates; null when none of them makes one. */
	readonly costUsd: number | null;
}

/** The sum of what was reported; null where nobody reported anything. */
export function totalOf(parts: readonly Used[]): Used {
	return {
		tokensIn: sum(parts.map(part => part.tokensIn)),
		tokensOut: sum(parts.map(part => part.tokensOut)),
		costUsd: sum(parts.map(part => part.costUsd)),
	};
}

function sum(values: readonly (number | null)[]): number | null {
	const known = values.filter(value => value !== null);
	return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
