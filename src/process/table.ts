import * as darwin from './darwin.ts';
import * as linux from './linux.ts';

/** One process, as the operating system reports it. */
export interface ProcessEntry {
	readonly pid: number;
	readonly parentPid: number;
	readonly groupId: number;
	/** The PID that its session began with; null where the system does not show it. */
	readonly sessionId: number | null;
	/** The process has ended, but its parent has not yet read its exit code. */
	readonly isZombie: boolean;
	/** Opaque; equal only for the same process of the same boot. */
	readonly started: string;
	/** CPU time used so far, in milliseconds; on Linux also by its children that have ended. */
	readonly cpuMs: number;
}

const system = process.platform === 'darwin' ? darwin : linux;

/** The living process with this PID; null when there is none. */
export function readProcess(pid: number): ProcessEntry | null {
	const entry = system.readProcess(pid);
	return entry === null || entry.isZombie ? null : entry;
}

/** Every living process that is visible to this user. */
export function listProcesses(): readonly ProcessEntry[] {
	return system.listProcesses().filter(entry => !entry.isZombie);
}

/** The identity of a child of this process, even when the child has already ended; null when its entry is gone. */
export function identifyChild(pid: number): {readonly pid: number; readonly started: string} | null {
	const entry = system.readProcess(pid);
	return entry === null ? null : {pid, started: entry.started};
}

/** A living process, with the values of the variables of its environment that were asked for. */
export interface MarkedProcess {
	readonly entry: ProcessEntry;
	/** Null for a variable that is not set, or cannot be read. */
	readonly values: readonly (string | null)[];
}

/** The living processes whose environment has the variable `name` with that value, and what `others` are in it. */
export function findWith(name: string, value: string, others: readonly string[]): readonly MarkedProcess[] {
	return listProcesses()
		.filter(({pid}) => system.readEnvironment(pid, name) === value)
		.map(entry => ({entry, values: others.map(other => system.readEnvironment(entry.pid, other))}));
}

/** The living processes whose environment has the variable, grouped by its value. */
export function findMarked(name: string): ReadonlyMap<string, readonly ProcessEntry[]> {
	const marked = system
		.listProcesses()
		.map(entry => ({entry, value: system.readEnvironment(entry.pid, name)}));
	const found = new Map<string, ProcessEntry[]>();
	for (const {entry, value} of marked)
		if (value !== null) found.set(value, [...(found.get(value) ?? []), entry]);
	return found;
}

/** An id of this boot of the machine. */
export function bootId(): string {
	return system.bootId();
}

/** The value of one variable in a process's environment; null when it is not set, or the environment is unreadable. */
export function readEnvironment(pid: number, name: string): string | null {
	return system.readEnvironment(pid, name);
}

/** True when the environment of a process is readable, so that a missing variable is known to be missing. */
export function hasReadableEnvironment(pid: number): boolean {
	return system.hasReadableEnvironment(pid);
}

/** The program and arguments of a process; empty when it is gone or unreadable. */
export function readArguments(pid: number): readonly string[] {
	return system.readArguments(pid);
}

/** When a process started, in epoch milliseconds, accurate to a second or two. */
export function startTimeOf(entry: ProcessEntry): number {
	return system.startTimeOf(entry);
}

/** True while this very process lives, by PID and start time. */
export function isAlive(identity: {readonly pid: number; readonly started: string} | null): boolean {
	return identity !== null && readProcess(identity.pid)?.started === identity.started;
}

/** The identity of the process that runs this code. */
export function ownProcess(): {readonly pid: number; readonly started: string} {
	const own = readProcess(process.pid);
	if (own === null) throw new Error('The process table has no entry for the process that reads it.');
	return {pid: own.pid, started: own.started};
}

/** A living process and those that it descends from, itself first. Ends where an ancestor is not visible. */
export function* ancestry(pid: number): Generator<ProcessEntry> {
	const seen = new Set<number>();
	for (let entry = readProcess(pid); entry !== null && !seen.has(entry.pid); ) {
		seen.add(entry.pid);
		yield entry;
		entry = readProcess(entry.parentPid);
	}
}

/** Processes by the number of their group, and by their PID. */
export interface ProcessIndex {
	readonly byGroup: ReadonlyMap<number, readonly ProcessEntry[]>;
	readonly byPid: ReadonlyMap<number, ProcessEntry>;
}

/** Indexes processes, so that thousands of spawns can be looked for among them. */
export function indexProcesses(entries: readonly ProcessEntry[]): ProcessIndex {
	return {
		byGroup: Map.groupBy(entries, ({groupId}) => groupId),
		byPid: new Map(entries.map(entry => [entry.pid, entry])),
	};
}

/** The descendants of `pid`, without itself. `isCut` leaves out a process and everything below it. */
export function processesBelow(
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
