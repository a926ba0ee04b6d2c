import {chmod, copyFile, writeFile} from 'node:fs/promises';
import {build} from 'esbuild';

// Ink imports its development tools only when DEV=true; left external they would be a failing static import.
const withoutDevtools = {
	name: 'without-devtools',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^react-devtools-core$/}, () => ({path: 'none', namespace: 'without-devtools'}));
		onLoad({filter: /.*/, namespace: 'without-devtools'}, () => ({contents: 'export default {}'}));
	},
};

// Old chunks stay: a raid that runs from this checkout may still load them.
await build({
	entryPoints: {main: 'src/main.ts', scripted: 'src/providers/scripted/player.ts'},
	outdir: 'dist',
	outExtension: {'.js': '.mjs'},
	bundle: true,
	splitting: true,
	format: 'esm',
	platform: 'node',
	target: 'node22',
	external: ['better-sqlite3'],
	// Development React keeps timing entries: it takes half as much memory again, and grows all night.
	define: {'process.env.NODE_ENV': '"production"'},
	banner: {
		js: "import {createRequire as _createRequire} from 'node:module'; const require = _createRequire(import.meta.url);",
	},
	plugins: [withoutDevtools],
	logLevel: 'warning',
});
await copyFile('src/bin.cjs', 'dist/cli.js');
await chmod('dist/cli.js', 0o755);
// The rest of the package is ESM; the guard must be readable by a Node that knows none.
await writeFile('dist/package.json', '{"type": "commonjs"}\n');
