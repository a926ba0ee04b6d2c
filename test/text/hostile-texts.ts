/** The longest line that is read from an agent, in characters. */
const length = 1024 * 1024;

const parts = {
	blanks: ' ',
	'tabs and blanks': '\t ',
	'line breaks': '\n',
	'blanks and line breaks': ' \n',
	'carriage returns': '\r',
	escapes: '\u001b',
	'open sequences': '\u001b[3',
	'open commands': '\u001b]0;',
	brackets: '[',
	braces: '{',
	parentheses: '(',
	quotes: '"',
	apostrophes: "'",
	backticks: '`',
	'backticks and blanks': '` ',
	'at signs': '@',
	mentions: '@a ',
	digits: '1',
	'digits and dots': '1.',
	durations: 'in 1h ',
	statuses: 'error 4',
	models: 'model ',
	bars: '|1',
	dots: '.',
	dashes: 'a-',
	slashes: '/',
	backslashes: '\\',
	letters: 'a',
	marks: 'a\u0301\u0301\u0301',
	'wide characters': '宽',
	joiners: '👩\u200d',
	'bidi marks': '\u202e',
};

/** One text of 1 MiB for each kind of character that could make a pattern look again and again, by its kind. */
export const hostileTexts: ReadonlyMap<string, string> = new Map(
	Object.entries(parts).map(([kind, part]) => [
		kind,
		`x${part.repeat(Math.floor(length / part.length))}!`.slice(0, length),
	]),
);
