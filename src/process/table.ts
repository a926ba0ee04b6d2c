import * as darwin from './darwin.ts';
import * as linux from './linux.ts';

/** What the operating system says of one process. */
export interface ProcessEntry {
	readonly pid: number;
	readonly parentPid: number;
	readonly groupId: number;
	/** It has ended, and only waits for its parent to take notice. */
	readonly isZombie: boolean;
	/** Opaque; equal only for the very same process of the very same boot. */
	readonly started: string;
	/** CPU time used so far, in milliseconds. */
	readonly cpuMs: number;
}

const system = process.platform === 'darwin' ? darwin : linux;

/** The living process of that PID; null when none lives. */
export function readProcess(pid: number): ProcessEntry | null {
	const entry = system.readProcess(pid);
	return entry === null || entry.isZombie ? null : entry;
}

/** Every living process that we can see. */
export function listProcesses(): readonly ProcessEntry[] {
	return system.listProcesses().filter(entry => !entry.isZombie);
}

/** What tells a child of ours apart from all other processes, even when it has ended already; null when it is gone. */
export function identifyChild(pid: number): {readonly pid: number; readonly started: string} | null {
	const entry = system.readProcess(pid);
	return entry === null ? null : {pid, started: entry.started};
}

/** The living processes whose environment has the variable, by its value. */
export function findMarked(name: string): ReadonlyMap<string, readonly ProcessEntry[]> {
	const marked = system
		.listProcesses()
		.map(entry => ({entry, value: system.readEnvironment(entry.pid, name)}));
	const found = new Map<string, ProcessEntry[]>();
	for (const {entry, value} of marked)
		if (value !== null) found.set(value, [...(found.get(value) ?? []), entry]);
	return found;
}

/** Tells this boot of the machine apart from all others. */
export function bootId(): string {
	return system.bootId();
}

/** The value of one variable in a process's environment; null when it has none, or may not be read. */
export function readEnvironment(pid: number, name: string): string | null {
	return system.readEnvironment(pid, name);
}

/** True when the environment of a process may be read, so that a variable that is not in it is not there. */
export function hasReadableEnvironment(pid: number): boolean {
	return system.hasReadableEnvironment(pid);
}

/** Program and arguments of a process; empty when it is gone, or may not be looked at. */
export function readArguments(pid: number): readonly string[] {
	return system.readArguments(pid);
}

/** When a process started, in epoch milliseconds, to within a second or two. */
export function startTimeOf(entry: ProcessEntry): number {
	return system.startTimeOf(entry);
}

/** True when this very process lives: the PID, and the start time. */
export function isAlive(identity: {readonly pid: number; readonly started: string} | null): boolean {
	return identity !== null && readProcess(identity.pid)?.started === identity.started;
}

/** The process that runs this code. */
export function ownProcess(): {readonly pid: number; readonly started: string} {
	const own = readProcess(process.pid);
	if (own === null) throw new Error('The process table has no entry for this very process.');
	return {pid: own.pid, started: own.started};
}

/** The processes below `pid` by parent, itself not among them; `isCut` leaves a process and all below it out. */
export function descendantsOf(
	pid: number,
	entries: readonly ProcessEntry[],
	isCut: (entry: ProcessEntry) => boolean = () => false,
): readonly ProcessEntry[] {
	const children = Map.groupBy(entries, entry => entry.parentPid);
	const found: ProcessEntry[] = [];
	const seen = new Set([pid]);
	const waiting = [pid];
	for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop()) {
		for (const child of children.get(parent) ?? []) {
			if (seen.has(child.pid) || isCut(child)) continue;
			seen.add(child.pid);
			found.push(child);
			waiting.push(child.pid);
		}
	}
	return found;
}
