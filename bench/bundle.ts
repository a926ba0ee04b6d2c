import {join, resolve} from 'node:path';
import {build} from 'esbuild';

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
		external: ['react-devtools-core'],
		define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
		banner: {
			js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);",
		},
		logLevel: 'error',
	});
	return outfile;
}
