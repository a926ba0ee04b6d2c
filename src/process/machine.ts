import {execFileSync} from 'node:child_process';
import {readFileSync, readlinkSync} from 'node:fs';
import {hostname} from 'node:os';

let machine: string | undefined;

/** What tells this machine apart from all others: the system's own id of it, else its name. */
export function machineId(): string {
	machine ??= readMachineId() ?? hostname();
	return machine;
}

function readMachineId(): string | null {
	try {
		if (process.platform !== 'darwin') return readFileSync('/etc/machine-id', 'utf8').trim() || null;
		const facts = execFileSync('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'], {
			encoding: 'utf8',
		});
		return /"IOPlatformUUID" = "([^"]+)"/.exec(facts)?.[1] ?? null;
	} catch {
		return null;
	}
}

/** The namespace that the PIDs of this process are of; null where the system has no namespaces. */
export function pidNamespace(): string | null {
	try {
		return readlinkSync('/proc/self/ns/pid');
	} catch {
		return null;
	}
}
