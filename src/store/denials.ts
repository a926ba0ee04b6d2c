import type {Denial} from '../model/denial.ts';

/** The denials in a column of JSON; none where it holds anything else. */
export function readDenials(text: unknown): readonly Denial[] {
	try {
		const value: unknown = JSON.parse(String(text));
		return Array.isArray(value) ? value.filter(isDenial).map(({text, count}) => ({text, count})) : [];
	} catch {
		return [];
	}
}

function isDenial(value: unknown): value is Denial {
	if (typeof value !== 'object' || value === null) return false;
	const {text, count} = value as Partial<Record<keyof Denial, unknown>>;
	return typeof text === 'string' && typeof count === 'number';
}
