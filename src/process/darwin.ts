import {execFileSync} from 'node:child_process';
import type {ProcessEntry} from './table.ts';

// macOS has no /proc: one call of `ps` answers each question. Start times are absolute, to the second.
const columns = ['-o', 'pid=,ppid=,pgid=,stat=,time=,lstart='];

export function readProcess(pid: number): ProcessEntry | null {
	return parse(ps(['-p', String(pid), ...columns]))[0] ?? null;
}

export function listProcesses(): readonly ProcessEntry[] {
	return parse(ps(['-axww', ...columns]));
}

export function readEnvironment(pid: number, name: string): string | null {
	const words = ps(['eww', '-o', 'command=', '-p', String(pid)]).split(/\s+/);
	const start = `${name}=`;
	return words.find(word => word.startsWith(start))?.slice(start.length) ?? null;
}

export function hasReadableEnvironment(pid: number): boolean {
	return readEnvironment(pid, 'PATH') !== null;
}

export function readArguments(pid: number): readonly string[] {
	return ps(['-ww', '-o', 'command=', '-p', String(pid)])
		.trim()
		.split(/\s+/);
}

export function startTimeOf({started}: ProcessEntry): number {
	return Date.parse(`${started} UTC`);
}

export function bootId(): string {
	return execFileSync('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], {encoding: 'utf8'})
		.trim()
		.slice(0, 8);
}

function ps(args: readonly string[]): string {
	try {
		const stdio = ['ignore', 'pipe', 'ignore'] as const;
		return execFileSync('/bin/ps', args, {
			encoding: 'utf8',
			stdio: [...stdio],
			env: {LC_ALL: 'C', TZ: 'UTC'},
			maxBuffer: 64 << 20,
		});
	} catch {
		// `ps -p` exits 1 and prints nothing when the PID is gone.
		return '';
	}
}

function parse(output: string): readonly ProcessEntry[] {
	return output.split('\n').flatMap(line => {
		const [pid, parentPid, groupId, state, time, ...started] = line.trim().split(/\s+/);
		if (pid === undefined || time === undefined) return [];
		const [seconds = 0, minutes = 0] = time.split(':').map(Number).reverse();
		return [
			{
				pid: Number(pid),
				parentPid: Number(parentPid),
				groupId: Number(groupId),
				sessionId: null,
				isZombie: state?.startsWith('Z') === true,
				started: started.join(' '),
				cpuMs: (minutes * 60 + seconds) * 1000,
			},
		];
	});
}
