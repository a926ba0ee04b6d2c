import {expect, test} from 'vitest';
import {sanitise, sanitiseLine} from '../../src/text/sanitise.ts';

test.each([
	['colours', '\u001b[31mred\u001b[0m', 'red'],
	['the clipboard', '\u001b]52;c;aGk=\u0007paste', 'paste'],
	['the title', '\u001b]0;root@host\u001b\\x', 'x'],
	['links', '\u001b]8;;http://evil\u0007text\u001b]8;;\u0007', 'text'],
	['a sequence that does not end', '\u001b]52;c;aGk=', ';aGk='],
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
