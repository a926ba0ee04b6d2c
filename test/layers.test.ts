import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {codesIn, tableRows} from './docs/pages.ts';
import {aWorkspace, cliPath} from './helpers/workspace.ts';

const root = resolve(import.meta.dirname, '..');

/** Which folder may import which others: the arrows that docs/architecture.md shows. */
const arrows = new Map(
	tableRows('docs/architecture.md', ['folder', 'may import']).map(([folder = '', others = '']) => [
		codesIn(folder)[0] ?? '',
		codesIn(others),
	]),
);

// Anyone may import these.
const open = ['errors', 'validate'];

const files = [...filesOf('src'), ...filesOf('components')];

test.each(files)('%s imports along the arrows', file => {
	const from = layerOf(file);
	expect([...arrows.keys()]).toContain(from);
	for (const target of importsOf(file).filter(path => path.startsWith('.'))) {
		const to = layerOf(relative(root, resolve(root, dirname(file), target)));
		const isInside = to === from || to.startsWith(`${from}/`);
		const folder = to.replace(/\/.*/, '');
		if (isInside || open.includes(to) || arrows.get(from)?.includes(folder)) continue;
		expect(arrows.get(from), `${file} → ${to}`).toContain(to);
	}
});

test('every folder that the arrows name exists', () => {
	const layers = new Set(files.map(layerOf));
	const named = new Set([...arrows.keys(), ...[...arrows.values()].flat()]);

	expect([...named].toSorted()).toEqual([...layers].toSorted());
});

test('components know no store and no launcher, the launcher no component', () => {
	expect(reach('components')).not.toContain('store');
	expect(reach('components')).not.toContain('launcher');
	expect(reach('launcher')).not.toContain('components');
});

test.each(['ink', 'react', 'execa', 'chokidar'])('%s is loaded only by what needs it', heavy => {
	const allowed = {
		ink: /^components\//,
		react: /^components\//,
		execa: /^$/,
		chokidar: /^src\/backend\/watch\.ts$/,
	}[heavy] as RegExp;
	const direct = files.filter(file => importsOf(file).includes(heavy));
	expect(direct.filter(file => !allowed.test(file))).toEqual([]);
});

test('only what shows the dashboard reaches components and the watch, and is imported when it is shown', () => {
	const importersOf = (target: RegExp) =>
		files.filter(file => importsOf(file).some(path => target.test(resolve(root, dirname(file), path))));
	expect(importersOf(/components\/run\.tsx$/)).toEqual(['src/cli/show-dashboard.ts']);
	expect(importersOf(/backend\/screen\.ts$/)).toEqual(['src/cli/show-dashboard.ts']);
	expect(importersOf(/backend\/watch\.ts$/)).toEqual(['src/backend/screen.ts']);
	expect(files.filter(file => importsOf(file).some(path => path.endsWith('/show-dashboard.ts')))).toEqual([]);
});

test.each([
	['--once', ['--once']],
	['send', ['send', 'general', 'hello']],
])('raid %s loads neither Ink nor React', async (_, args) => {
	const {directory, env} = aWorkspace();
	const loaded = await loadedBy(args, directory, env);

	expect(loaded.length).toBeGreaterThan(0);
	expect(loaded.filter(file => holdsInk(file))).toEqual([]);
});

test('raid in a terminal loads Ink, so that the test above can fail', () => {
	const chunks = readdirSync(dist).filter(name => name.endsWith('.mjs'));
	expect(chunks.some(name => holdsInk(join(dist, name)))).toBe(true);
});

const dist = join(root, 'dist');

/** Files of this build that a command loads, as Node reports them. */
async function loadedBy(
	args: readonly string[],
	cwd: string,
	env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
	const list = join(cwd, 'loaded');
	const hooks = join(cwd, 'hooks.mjs');
	writeFileSync(
		hooks,
		`import {registerHooks} from 'node:module'; import {appendFileSync} from 'node:fs';
		registerHooks({load: (url, context, next) => (appendFileSync(${JSON.stringify(list)}, url + '\\n'), next(url, context))});`,
	);
	await execa(process.execPath, ['--import', hooks, cliPath, ...args], {cwd, env, extendEnv: false});
	return readFileSync(list, 'utf8')
		.split('\n')
		.filter(url => url.startsWith(`file://${dist}`))
		.map(url => fileURLToPath(url));
}

function holdsInk(file: string): boolean {
	return /node_modules\/(?:ink|react)\//.test(readFileSync(file, 'utf8'));
}

function filesOf(folder: string): readonly string[] {
	return readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'})
		.filter(path => /\.tsx?$/.test(path))
		.map(path => join(folder, path))
		.toSorted();
}

/** Modules that a file imports when it is loaded; an `import()` is not among them. */
function importsOf(file: string): readonly string[] {
	const text = readFileSync(join(root, file), 'utf8');
	return [...text.matchAll(/^(?:import|export)\s[^;]*?from '([^']+)';/gm)]
		.filter(match => !/^import type /.test(match[0]) || (match[1] as string).startsWith('.'))
		.map(match => match[1] as string);
}

function layerOf(file: string): string {
	const [top = '', second = '', third = ''] = file.split('/');
	const layer = top === 'components' ? top : second.replace(/\.tsx?$/, '');
	return arrows.has(`${layer}/${third}`) ? `${layer}/${third}` : layer;
}

function reach(layer: string, seen = new Set<string>()): ReadonlySet<string> {
	for (const next of arrows.get(layer) ?? []) {
		if (seen.has(next)) continue;
		seen.add(next);
		reach(next, seen);
	}
	return seen;
}
