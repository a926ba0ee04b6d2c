import {stripVTControlCharacters} from 'node:util';

const tabStop = '    ';

/**
 * Untrusted text made safe for a terminal: no escape sequence, no control or format character, nothing that reverses
 * the direction of writing, nothing whose width differs between terminals. A remaining control is shown as `·`; line
 * breaks stay.
 */
export function sanitise(text: string): string {
	return stripVTControlCharacters(text.toWellFormed())
		.replace(/\r\n?|[\u2028\u2029]/g, '\n')
		.replaceAll('\t', tabStop)
		.replace(/(?!\n)[\p{Cc}]/gu, '·')
		.replace(unprintable, '')
		.replace(/(\p{M}{2})\p{M}+/gu, '$1');
}

/** Untrusted text made safe for a terminal, in one line. */
export function sanitiseLine(text: string): string {
	return sanitise(text).replace(/\s*\n\s*/g, ' ');
}

// Format characters (bidi, zero width, tags), joiners and selectors that change a width, and skin tones.
const unprintable = new RegExp(
	[
		'\\p{Cf}',
		'[\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u20e3\\u3164\\ufe00-\\ufe0f\\uffa0\\ufffe\\uffff]',
		'[\\u{1f3fb}-\\u{1f3ff}]',
		'[\\u{e0100}-\\u{e01ef}]',
	].join('|'),
	'gu',
);
