import {expect, test} from 'vitest';
import {echo, escapeJson, sanitise, sanitiseLine} from '../../src/text/sanitise.ts';

test.each([
	['colours', '\u001b[31mred\u001b[0m', 'red'],
	['the clipboard', '\u001b]52;c;aGk=\u0007paste', 'paste'],
	['the title', '\u001b]0;root@host\u001b\\x', 'x'],
	['links', '\u001b]8;;http://evil\u0007text\u001b]8;;\u0007', 'text'],
	['a string that does not end', 'a\u001b]52;c;aGk=', 'a52;c;aGk='],
	['a string across lines', '\u001b]0;a\nb\u0007c', '0;a\nb·c'],
	['a command that does not end', 'a\u001b[31', 'a31'],
	['other strings', '\u001bPq\u001b\\a\u001b_b\u001b\\\u001b^c\u009cd\u001bXe\u0007', 'ad'],
	['a change of the character set', '\u001b(0a\u001bc', 'a'],
	['controls', 'a\u0000b\u0008c\u007fd\u009be', 'a·b·c·d·e'],
	['bidi', 'a\u202eb\u2066c', 'abc'],
	['zero width and tags', 'a\u200bb\u{e0041}c\ufeff', 'abc'],
	['joiners and selectors', '🛡\ufe0f 👩\u200d🚀 👍🏽', '🛡 👩🚀 👍'],
	['lone surrogates', 'a\ud800b', 'a\ufffdb'],
	['piled marks', `a${'\u0301'.repeat(50)}`, 'a\u0301\u0301'],
	['line ends', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
	['tabs', '\tx', '    x'],
])('%s never reach the terminal as they are', (_, hostile, safe) => {
	expect(sanitise(hostile)).toBe(safe);
});

test('a line has no line breaks', () => {
	expect(sanitiseLine('a\n\n  b\nc')).toBe('a b c');
});

test('what an error repeats is cut in its middle, because its end says what to do', () => {
	const text = `No spawn is called "${'x'.repeat(1024 * 1024)}". List them: raid spawns`;

	expect(echo(text)).toMatch(/^No spawn is called "x+ … x+"\. List them: raid spawns$/);
	expect(echo(text).length).toBeLessThan(2000);
	expect(echo('short\u001b[31m\nand safe')).toBe('short and safe');
});

test('a document on a terminal holds no character that steers it, and means the same', () => {
	const document = {
		'\u009b31m': '\u007f\u0085\u202e\u200b\u{e0041}\ufeff\u2028\ud800 \u001b]0;x\u0007\n\tü宽👍',
	};
	const shown = escapeJson(JSON.stringify(document, null, '\t'));

	expect(shown).not.toMatch(/(?![\n\t])\p{Cc}|\p{Cf}|[\u2028\u2029]/u);
	expect(shown).toContain('ü宽👍');
	expect(JSON.parse(shown)).toEqual(document);
});
