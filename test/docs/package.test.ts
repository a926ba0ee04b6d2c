import {dirname, join, relative} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {pages, readPage, root} from './pages.ts';

test('the package holds the pages, and every file that they link to', async () => {
	const {stdout} = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {cwd: root});
	const [packed] = Object.values(JSON.parse(stdout) as object) as [{files: readonly {path: string}[]}];
	const files = packed.files.map(({path}) => path);
	const linked = pages.flatMap(page =>
		[...readPage(page).matchAll(/\]\(([^)\s#]+)/g)]
			.map(([, target = '']) => target)
			.filter(target => !/^https?:/.test(target))
			.map(target => relative(root, join(root, dirname(page), target))),
	);

	expect(files).toEqual(expect.arrayContaining([...pages, ...linked]));
	expect(
		files.filter(
			file => !/^(dist|docs|fixtures\/scenarios)\/|^(README\.md|LICENSE|package\.json)$/.test(file),
		),
	).toEqual([]);
});
