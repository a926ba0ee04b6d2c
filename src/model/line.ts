/** A topic of a channel that is longer is refused, and cut where it is shown. */
export const longestTopic = 500;

/** A role of an agent that is longer is refused, and cut where it is shown. */
export const longestRole = 200;

/** A text as one line of at most `longest` characters: everything that breaks a line or is blank becomes one blank. */
export function lineOf(text: string, longest: number): string {
	// Cut first, because a hostile text may be megabytes of blanks.
	const line = text
		.slice(0, 4 * longest)
		.replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
		.trim();
	const isWhole = text.length <= 4 * longest && line.length <= longest;
	return isWhole ? line : `${line.slice(0, longest - 1)}…`;
}

/** Why a text cannot be a topic or a role; null when it can. */
export function faultOfLine(text: string, longest: number): string | null {
	if (text.length > longest) return `has ${text.length} characters; the limit is ${longest}`;
	return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) ? 'is more than one line, or has control characters' : null;
}
