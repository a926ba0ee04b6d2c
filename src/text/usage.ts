import type {Used} from '../model/usage.ts';

const most = 999_999_499_999;

/** A number of tokens in a few characters: `812`, `9.4k`, `31k`, `1.2M`; `>999999M` for what nobody can have used. */
export function formatCount(count: number): string {
	if (!(count >= 1000)) return Number.isFinite(count) ? String(Math.round(count)) : '?';
	if (count > most) return '>999999M';
	const [value, unit] = count < 999_500 ? [count / 1000, 'k'] : [count / 1_000_000, 'M'];
	return `${value < 9.95 ? value.toFixed(1) : Math.round(value)}${unit}`;
}

/** Tokens in and out, and the cost if it is known: `31k/1.2k $0.09`. Empty when nothing is known. */
export function formatUsed({tokensIn, tokensOut, costUsd}: Used): string {
	if (tokensIn === null && tokensOut === null) return '';
	const tokens = `${formatCount(tokensIn ?? 0)}/${formatCount(tokensOut ?? 0)}`;
	return costUsd === null ? tokens : `${tokens} $${formatCost(costUsd)}`;
}

/** Money in a few characters, however much a CLI says it was. */
function formatCost(usd: number): string {
	return usd < 1_000_000 ? usd.toFixed(2) : `>${formatCount(1_000_000)}`;
}
