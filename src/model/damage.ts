const sign = '[damaged: ';

/** The text that stands for a value of the wrong type in the store, wherever that would be shown. */
export function damaged(what: string): string {
	return `${sign}${what}]`;
}

/** True for a text that stands for a value of the wrong type. */
export function isDamaged(text: string): boolean {
	return text.startsWith(sign);
}
