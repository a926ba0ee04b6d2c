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
	scenario: ['model'],
	providers: ['scenario', 'model'],
	text: ['model'],
	view: ['text', 'model'],
	dashboard: ['view', 'text', 'model'],
	components: ['dashboard', 'view', 'text', 'model'],
	store: ['model'],
	logs: ['providers', 'text', 'model'],
	workspace: ['store', 'process', 'model'],
	bridge: ['workspace', 'store', 'model'],
	launcher: ['bridge', 'logs', 'workspace', 'store', 'process', 'providers', 'model'],
	actions: ['bridge', 'launcher', 'workspace', 'store', 'process', 'providers', 'model'],
	backend: ['actions', 'launcher', 'logs', 'workspace', 'store', 'process', 'providers', 'model'],
	documents: ['model'],
	doctor: ['launcher', 'workspace', 'store', 'process', 'providers', 'model'],
	demo: [
		'backend',
		'actions',
		'launcher',
		'workspace',
		'store',
		'process',
		'providers',
		'scenario',
		'view',
		'model',
	],
	cli: ['documents', 'components', 'view', 'text', 'backend', 'launcher', 'workspace', 'store', 'model'],
	commands: [
		'cli',
		'documents',
		'demo',
		'doctor',
		'actions',
		'backend',
		'logs',
		'launcher',
		'workspace',
		'store',
		'providers',
		'scenario',
		'view',
		'text',
		'model',
	],
	main: ['cli', 'commands', 'backend', 'launcher', 'workspace'],
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
	const allowed = {
		ink: /^components\//,
		react: /^components\//,
		execa: /^$/,
		chokidar: /^src\/backend\/watch\.ts$/,
	}[heavy] as RegExp;
	const direct = files.filter(file => importsOf(file).includes(heavy));
	expect(direct.filter(file => !allowed.test(file))).toEqual([]);
});

test('only the screen, which is imported when it is shown, reaches components and the watch', () => {
	const importers = files.filter(file =>
		importsOf(file).some(path => /components\/run|\/watch\.ts/.test(path)),
	);
	expect(importers).toEqual(['src/cli/show-dashboard.ts']);
	expect(files.filter(file => importsOf(file).some(path => path.endsWith('/show-dashboard.ts')))).toEqual([]);
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
