import {execFileSync} from 'node:child_process';
import {execa} from 'execa';
import {cliPath, type TestWorkspace} from './workspace.ts';

/** True where this user may make namespaces (Linux, and not everywhere): for disks and sandboxes of a test's own. */
export function canUnshare(): boolean {
	try {
		execFileSync('unshare', ['-rmnpf', '--mount-proc', 'true'], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
}

/** Runs `raid` in a PID namespace of its own, in which no process of a workspace is visible. */
export function raidElsewhere({directory, env}: TestWorkspace, args: readonly string[]) {
	return execa('unshare', ['-rmpf', '--mount-proc', process.execPath, cliPath, ...args], {
		cwd: directory,
		reject: false,
		extendEnv: false,
		stripFinalNewline: false,
		env,
		stdin: 'ignore',
	});
}
