import {existsSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {expect, test} from 'vitest';
import {pages, readPage, root} from './pages.ts';

test.each(pages)('every link in %s leads to a page or a heading that exists', page => {
	for (const [, target = ''] of readPage(page).matchAll(/\]\(([^)\s]+)\)/g)) {
		if (/^https?:/.test(target)) continue;
		const [path = '', heading] = target.split('#');
		const file = path === '' ? page : relative(root, join(root, dirname(page), path));
		expect(existsSync(join(root, file)), `${page} → ${target}`).toBe(true);
		if (heading !== undefined) expect(headingsOf(file), `${page} → ${target}`).toContain(heading);
	}
});

test('every page in docs is reached from the README', () => {
	const linked = [...readPage('README.md').matchAll(/\]\((docs\/[^)#]+)/g)].map(match => match[1]);

	expect(pages.filter(page => page !== 'README.md' && !linked.includes(page))).toEqual([]);
});

test('the README fits on a few screens', () => {
	expect(readPage('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

/** Anchors of a page's headings, as GitHub makes them. */
function headingsOf(page: string): readonly string[] {
	return [...readPage(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);
}
