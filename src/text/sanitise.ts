const tabStop = '    ';

/**
 * Untrusted text made safe for a terminal: no escape sequence, no control or format character, nothing that reverses
 * the direction of writing, nothing whose width differs between terminals. A remaining control is shown as `·`; line
 * breaks stay.
 */
export function sanitise(text: string): string {
	if (isHarmless(text)) return text;
	return text
		.toWellFormed()
		.replace(sequence, '')
		.replace(/\r\n?|[\u2028\u2029]/g, '\n')
		.replaceAll('\t', tabStop)
		.replace(/(?!\n)[\p{Cc}]/gu, '·')
		.replace(unprintable, '')
		.replace(/(\p{M}{2})\p{M}+/gu, '$1');
}

// Most of what is drawn is this.
function isHarmless(text: string): boolean {
	return /^[\n -~]*$/.test(text);
}

// A command or a string ends in its own line at the latest, so that nothing can hide the lines below. None of these
// parts can hold the character that begins another one: where one does not end, it is not looked at again.
const sequence =
	/\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)|[ -/]*[0-~])/g;

/** Untrusted text made safe for a terminal, in one line: each line break, with the blanks around it, becomes a blank. */
export function sanitiseLine(text: string): string {
	const lines = sanitise(text).split('\n');
	// A pattern for "blanks, a break, blanks" would look at a long run of blanks once for each blank in it.
	return lines.length === 1
		? (lines[0] as string)
		: lines
				.map(line => line.trim())
				.filter(line => line !== '')
				.join(' ');
}

/**
 * Untrusted text as one line of bounded length, for what is repeated in an error or a warning: the middle of a longer one
 * is left out, because the end often says what to do.
 */
export function echo(text: string): string {
	const {length} = text;
	if (length <= longestEcho) return sanitiseLine(text);
	return `${sanitiseLine(text.slice(0, longestEcho - endOfEcho))} … ${sanitiseLine(text.slice(length - endOfEcho))}`;
}

const longestEcho = 1500;
const endOfEcho = 500;

/** A JSON text that is safe for a terminal and means the same: what `sanitise` would take away is escaped. */
export function escapeJson(json: string): string {
	// The controls below a blank are escaped in any JSON; those that are left lay it out.
	return json.replace(/[\u007f-\u009f\u2028\u2029]/g, escaped).replace(unprintable, escaped);
}

function escaped(character: string): string {
	const units = Array.from({length: character.length}, (_, at) => character.charCodeAt(at));
	return units.map(unit => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

// Format characters (bidi, zero width, tags), joiners and selectors that change a width, and skin tones.
const unprintable =
	// biome-ignore lint/suspicious/noMisleadingCharacterClass: each is looked for alone, whatever it would combine with.
	/\p{Cf}|[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u20e3\u3164\ufe00-\ufe0f\uffa0\ufffe\uffff\u{1f3fb}-\u{1f3ff}\u{e0100}-\u{e01ef}]/gu;
