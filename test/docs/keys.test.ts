import {expect, test} from 'vitest';
import {keymap} from '../../src/dashboard/keymap.ts';
import {codesIn, tableRows} from './pages.ts';

test('the README lists every key of the dashboard, and no other', () => {
	const bindings = keymap.filter(({mode}) => mode === 'browse').map(({keys}) => keys.map(labelOfKey));
	const listed = tableRows('README.md', ['key', 'what it does']).flatMap(([keys = '']) => codesIn(keys));

	for (const keys of bindings)
		expect(
			listed.filter(key => keys.includes(key)),
			keys.join(),
		).not.toEqual([]);
	for (const key of listed) expect(bindings.flat()).toContain(key);
});

const labels: Readonly<Record<string, string>> = {
	return: 'Enter',
	escape: 'Esc',
	pageup: 'PgUp',
	pagedown: 'PgDn',
};

function labelOfKey(key: string): string {
	return key.startsWith('ctrl-') ? `Ctrl-${key.slice(5).toUpperCase()}` : (labels[key] ?? key);
}
