/** A text with a sequence of each kind that steers a terminal, and each kind of character that deceives its reader. */
export const hostile =
	'x\u001b]0;PWN\u0007\u001b]52;c;aGk=\u001b\\\u001b[35m\u001b[2J\u001b[5;5H\u001bPq\u001b\\\u001b(0\u001bc' +
	'\u009b35m\u009d0;PWN\u009c\u0085\u007f\u0007\b\r\u202e\u2066\u200b\u{e0041}\ufeff\u2028y\nz';

// The looks of the theme, and nothing else.
const ours = /\u001b\[(?:1|2|22|7|27|31|32|33|36|39)m/g;

/** The characters that could steer a terminal and are not ours, as escapes; empty when everything is safe. */
export function strangersIn(written: string): readonly string[] {
	// Documents are indented by tabs.
	const rest = written.replaceAll(ours, '').replaceAll(/\r\n\t*/g, '');
	const strangers = rest.match(/\p{Cc}|\p{Cf}|[\u2028\u2029]/gu) ?? [];
	return [...new Set(strangers)].map(character => `U+${(character.codePointAt(0) ?? 0).toString(16)}`);
}

// What Ink itself writes: the alternate screen, the cursor, synchronised updates, pasting, moves, and what it clears.
const inks = /\u001b\[(?:\?(?:25|1049|2004|2026)[hl]|\d*[ABCDEFGK]|[0-3]?J|(?:1;1)?H)/g;

/** The characters that the dashboard wrote and that are neither the theme's nor Ink's. */
export function strangersInDashboard(written: string): readonly string[] {
	return strangersIn(written.replaceAll(inks, '').replaceAll(/[\r\n]/g, ''));
}
