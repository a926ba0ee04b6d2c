import {join, resolve} from 'node:path';
import {build, type Plugin} from 'esbuild';

// As in esbuild.config.js: Ink imports its development tools only when DEV=true.
const withoutDevtools: Plugin = {
	name: 'without-devtools',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^react-devtools-core$/}, () => ({path: 'none', namespace: 'without-devtools'}));
		onLoad({filter: /.*/, namespace: 'without-devtools'}, () => ({contents: 'export default {}'}));
	},
};

/** Bundles a bare screen of Ink in the way that our own program is bundled; the path of the program. */
export async function bundleBareScreen(folder: string): Promise<string> {
	const outfile = join(folder, 'rows.mjs');
	await build({
		entryPoints: [resolve(import.meta.dirname, 'baselines/rows.mjs')],
		outfile,
		bundle: true,
		format: 'esm',
		platform: 'node',
		target: 'node22',
		define: {'process.env.NODE_ENV': '"production"'},
		banner: {
			js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);",
		},
		plugins: [withoutDevtools],
		logLevel: 'error',
	});
	return outfile;
}
