import {execFileSync} from 'node:child_process';

/** Builds what the tests run: they start the real program. */
export function setup(): void {
	execFileSync(process.execPath, ['esbuild.config.js'], {stdio: 'inherit'});
}
