/** What a spawn, or several, have used, as their CLIs report it. */
export interface Used {
	/** Null when no CLI has told yet. */
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

/** A number of tokens in a few characters: `812`, `9.4k`, `31k`, `1.2M`. */
export function formatCount(count: number): string {
	if (count < 1000) return String(count);
	const [value, unit] = count < 999_500 ? [count / 1000, 'k'] : [count / 1_000_000, 'M'];
	return `${value < 9.95 ? value.toFixed(1) : Math.round(value)}${unit}`;
}

/** Tokens in and out, and the cost where there is one: `31k/1.2k $0.09`. Empty when nothing is known. */
export function formatUsed({tokensIn, tokensOut, costUsd}: Used): string {
	if (tokensIn === null && tokensOut === null) return '';
	const tokens = `${formatCount(tokensIn ?? 0)}/${formatCount(tokensOut ?? 0)}`;
	return costUsd === null ? tokens : `${tokens} $${costUsd.toFixed(2)}`;
}
