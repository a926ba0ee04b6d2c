import {execFileSync} from 'node:child_process';

/** True where this user may make namespaces (Linux, and not everywhere): for disks and sandboxes of a test's own. */
export function canUnshare(): boolean {
	try {
		execFileSync('unshare', ['-rmnpf', '--mount-proc', 'true'], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
}
