import {execFileSync} from 'node:child_process';
import {readFileSync, readlinkSync} from 'node:fs';
import {hostname} from 'node:os';

let machine: string | undefined;

/** An id of this machine: the one that the system keeps, or else the host name. */
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

/** The PID namespace of a process, by default of this one; null where the system has none, or it cannot be read. */
export function pidNamespace(pid: number | 'self' = 'self'): string | null {
	try {
		return readlinkSync(`/proc/${pid}/ns/pid`);
	} catch {
		return null;
	}
}
