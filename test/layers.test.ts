import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {expect, test} from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** From where to where: the arrows of the design. Anyone may import errors and validate. */
const arrows: Readonly<Record<string, readonly string[]>> = {
	errors: [],
	validate: [],
	model: [],
	process: [],
	providers: ['model'],
	view: ['model'],
	components: ['view', 'model'],
	store: ['model'],
	source: ['model'],
	'space-os': ['source', 'process', 'model'],
	workspace: ['store', 'model'],
	world: ['store', 'workspace', 'process', 'model'],
	bridge: ['world', 'store', 'model'],
	launcher: ['bridge', 'world', 'workspace', 'store', 'process', 'providers', 'model'],
	doctor: ['launcher', 'world', 'store', 'process', 'providers', 'model'],
	snapshot: ['source', 'launcher', 'world', 'workspace', 'store', 'process', 'providers', 'model'],
	actions: ['bridge', 'launcher', 'world', 'store', 'model'],
	'world-source': ['actions', 'snapshot', 'launcher', 'source', 'world', 'workspace', 'store', 'model'],
	place: ['space-os', 'workspace'],
	feed: ['source', 'model'],
	demo: [
		'actions',
		'snapshot',
		'launcher',
		'world',
		'workspace',
		'store',
		'process',
		'providers',
		'view',
		'model',
	],
	commands: [
		'actions',
		'feed',
		'world-source',
		'source',
		'snapshot',
		'demo',
		'doctor',
		'launcher',
		'world',
		'workspace',
		'store',
		'providers',
		'components',
		'view',
		'model',
	],
	cli: ['commands', 'place', 'space-os', 'world-source', 'launcher', 'world'],
};

const files = [...filesOf('src'), ...filesOf('components')];

test.each(files)('%s imports along the arrows', file => {
	const from = layerOf(file);
	for (const target of importsOf(file).filter(path => path.startsWith('.'))) {
		const to = layerOf(relative(root, resolve(root, dirname(file), target)));
		if (to !== from && to !== 'errors' && to !== 'validate')
			expect(arrows[from], `${file} → ${to}`).toContain(to);
	}
});

test('components know no store and no launcher, the launcher no component', () => {
	expect(reach('components')).not.toContain('store');
	expect(reach('components')).not.toContain('launcher');
	expect(reach('launcher')).not.toContain('components');
});

test.each(['ink', 'react', 'execa', 'chokidar'])('%s is loaded only by what needs it', heavy => {
	const allowed = {ink: /^components\//, react: /^components\//, execa: /^$/, chokidar: /^src\/feed\.ts$/}[
		heavy
	] as RegExp;
	const direct = files.filter(file => importsOf(file).includes(heavy));
	expect(direct.filter(file => !allowed.test(file))).toEqual([]);
});

test('only the screen, which is imported when it is shown, reaches components and the feed', () => {
	const importers = files.filter(file =>
		importsOf(file).some(path => /components\/run|\/feed\.ts/.test(path)),
	);
	expect(importers).toEqual(['src/commands/screen.ts']);
	expect(files.filter(file => importsOf(file).some(path => path.endsWith('/screen.ts')))).toEqual([]);
});

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
	const [top = '', second = ''] = file.split('/');
	return top === 'components' ? top : second.replace(/\.tsx?$/, '');
}

function reach(layer: string, seen = new Set<string>()): ReadonlySet<string> {
	for (const next of arrows[layer] ?? []) {
		if (seen.has(next)) continue;
		seen.add(next);
		reach(next, seen);
	}
	return seen;
}
