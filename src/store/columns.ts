import {damaged, isDamaged} from '../model/damage.ts';

// SQLite keeps a value of any type in any column. Whoever else writes to the store may put one there that we never do.

const longestQuote = 80;

/** A row, or a single value, whose bytes are replaced by a text that says so: none of our columns holds bytes. */
export function readRow<R>(row: R): R {
	if (row instanceof Uint8Array) return damaged(`${row.length} bytes in place of a text`) as R;
	if (typeof row !== 'object' || row === null) return row;
	for (const name in row) if (row[name] instanceof Uint8Array) row[name] = readRow(row[name]);
	return row;
}

/** A number of a row; null for anything else. */
export function readNumber(value: unknown): number | null {
	return typeof value === 'number' ? value : null;
}

/** One of some words; `otherwise` gives the value for any other word, and gets the text that stands for it. */
export function readWord<W extends string, O>(
	words: readonly W[],
	value: string,
	otherwise: (damage: string) => O,
): W | O {
	return words.find(word => word === value) ?? otherwise(damaged(`"${value.slice(0, longestQuote)}"`));
}

/** The value of a JSON column; `otherwise` gives it for a text that is not JSON, or not of the right shape. */
export function readJson<T, O>(
	text: string,
	isRight: (value: unknown) => value is T,
	otherwise: (damage: string) => O,
): T | O {
	try {
		const value: unknown = JSON.parse(text);
		if (isRight(value)) return value;
	} catch {
		// Said below.
	}
	return otherwise(
		isDamaged(text) ? text : damaged(`${text.slice(0, longestQuote)} is not what belongs here`),
	);
}

const none: readonly unknown[] = [];

/** The list in a JSON column; empty where it holds anything else. */
export function readList(text: string): readonly unknown[] {
	// Nearly every row.
	return text === '[]' ? none : readJson(text, isList, () => none);
}

function isList(value: unknown): value is readonly unknown[] {
	return Array.isArray(value);
}

/** True for a list of texts. */
export function isTexts(value: unknown): value is readonly string[] {
	return isList(value) && value.every(entry => typeof entry === 'string');
}

/** True for an object, and not for a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
