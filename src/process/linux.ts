import {readdirSync, readFileSync} from 'node:fs';
import type {ProcessEntry} from './table.ts';

// Start times count from boot, so that setting the clock does not change them; the boot's id distinguishes two boots.
const clockTickMs = 10;

export function readProcess(pid: number): ProcessEntry | null {
	const stat = readText(`/proc/${pid}/stat`);
	if (stat === null) return null;
	// The second field is the program's name in parentheses, and may itself contain spaces and parentheses.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const [state, parentPid, groupId, sessionId] = fields;
	return {
		pid,
		parentPid: Number(parentPid),
		groupId: Number(groupId),
		sessionId: Number(sessionId),
		isZombie: state === 'Z' || state === 'X',
		started: `${bootId()}-${fields[19]}`,
		// Of itself, and of its children that have ended: a script works by its children alone.
		cpuMs: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * clockTickMs,
	};
}

export function listProcesses(): readonly ProcessEntry[] {
	return readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.map(name => readProcess(Number(name)))
		.filter(entry => entry !== null);
}

export function readEnvironment(pid: number, name: string): string | null {
	const start = `${name}=`;
	const variable = readText(`/proc/${pid}/environ`)
		?.split('\0')
		.find(entry => entry.startsWith(start));
	return variable?.slice(start.length) ?? null;
}

export function hasReadableEnvironment(pid: number): boolean {
	return readText(`/proc/${pid}/environ`) !== null;
}

export function readArguments(pid: number): readonly string[] {
	return readText(`/proc/${pid}/cmdline`)?.split('\0').slice(0, -1) ?? [];
}

export function startTimeOf({started}: ProcessEntry): number {
	const ticks = Number(started.slice(started.indexOf('-') + 1));
	return bootTimeMs() + ticks * clockTickMs;
}

function bootTimeMs(): number {
	const seconds = /^btime (\d+)$/m.exec(readText('/proc/stat') ?? '')?.[1];
	return Number(seconds ?? 0) * 1000;
}

// A process may end after it was listed and before it is read; that of another user may be unreadable.
function readText(path: string): string | null {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return null;
	}
}

let boot: string | undefined;

export function bootId(): string {
	boot ??= readText('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? '';
	return boot;
}
