import {expect, test} from 'vitest';
import {labelOfKey} from '../../src/dashboard/key-labels.ts';
import {keymap} from '../../src/dashboard/keymap.ts';
import {codesIn, tableRows} from './pages.ts';

const panes = ['Spawn chain', 'Channel', 'Everywhere'];

test('the README lists every key of the dashboard, and no other', () => {
	const bindings = keymap
		.filter(({title}) => panes.includes(title))
		.flatMap(section => section.bindings.map(({keys}) => keys.map(labelOfKey)));
	const listed = tableRows('README.md', ['key', 'what it does']).flatMap(([keys = '']) => codesIn(keys));

	for (const keys of bindings)
		expect(
			listed.filter(key => keys.includes(key)),
			keys.join(),
		).not.toEqual([]);
	for (const key of listed) expect(bindings.flat()).toContain(key);
});
