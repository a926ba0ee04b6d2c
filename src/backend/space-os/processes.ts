import {basename} from 'node:path';
import {unclaimedAfterMs} from '../../model/limits.ts';
import {isLive, type Spawn, type SpawnId} from '../../model/spawn.ts';
import {noFacts, type ProcessFacts} from '../../model/state.ts';
import {type Instant, second} from '../../model/time.ts';
import {
	findMarked,
	hasReadableEnvironment,
	listProcesses,
	type ProcessEntry,
	readArguments,
	readEnvironment,
	readProcess,
	startTimeOf,
} from '../../process/table.ts';
import type {SpawnRecord} from './records.ts';

/** Living processes that carry a spawn's marker, by spawn. */
export type Strays = ReadonlyMap<SpawnId, readonly number[]>;

/** space-os puts a spawn's id into the environment of all that its CLI starts, and of that CLI. */
export const spaceMarker = 'SPACE_SPAWN_ID';

// Start times of processes are known to about a second.
const startSlack = 2 * second;

/** The living processes of each spawn. Not among them: the runners of its children, which inherit its marker too. */
export function markedProcesses(): Strays {
	const marked = [...findMarked(spaceMarker)].map(
		([id, entries]) =>
			[id, entries.map(({pid}) => pid).filter(pid => !isRunner(readArguments(pid)))] as const,
	);
	return new Map(marked.filter(([, pids]) => pids.length > 0));
}

/** True for `spawn run …`: the process that starts a spawn's CLI, waits for it, and tries once more. */
function isRunner(words: readonly string[]): boolean {
	return words.some((word, index) => basename(word) === 'spawn' && words[index + 1] === 'run');
}

/** The process of a running spawn, or the evidence that the one with its PID is not. */
export type Found =
	| {readonly entry: ProcessEntry; readonly startedAt: Instant}
	| {readonly entry: null; readonly evidence: string};

/** Looks for the process of a spawn: the PID alone may be another's by now. */
export function findProcess({id, process, createdAt}: Spawn): Found {
	if (process === null) return {entry: null, evidence: 'its process was never recorded'};
	const {pid} = process;
	const another = (why: string): Found => ({
		entry: null,
		evidence: `PID ${pid} is another process now: ${why}`,
	});
	const entry = readProcess(pid);
	if (entry === null) return {entry, evidence: `process ${pid} is gone`};
	const startedAt = startTimeOf(entry);
	const marker = readEnvironment(pid, spaceMarker);
	if (marker === id) return {entry, startedAt};
	if (marker !== null) return another(`it belongs to the spawn ${marker}`);
	if (hasReadableEnvironment(pid)) return another(`it has no ${spaceMarker}`);
	return startedAt < createdAt - startSlack ? another('it is older than the spawn') : {entry, startedAt};
}

/** A running spawn with what its process tells: when its present run began. Others as they are. */
export function withProcess<T extends Spawn>(spawn: T): T {
	if (spawn.status !== 'running') return spawn;
	const {entry, ...found} = findProcess(spawn);
	if (entry === null || !('startedAt' in found)) return spawn;
	const startedAt = Math.max(spawn.createdAt, found.startedAt);
	return {
		...spawn,
		process: {pid: entry.pid, started: entry.started},
		startedAt,
		attemptStartedAt: startedAt,
	};
}

/** What one look at the processes needs. */
export interface Glance {
	readonly strays: Strays;
	/** Arguments of all runners: read when they are needed. */
	readonly runners: () => readonly (readonly string[])[];
	readonly now: Instant;
}

/** What a look needs, as of `now`. */
export function glance(strays: Strays, now: Instant): Glance {
	let found: readonly (readonly string[])[] | undefined;
	const read = () => listProcesses().map(({pid}) => readArguments(pid));
	const runners = () => {
		found ??= read().filter(isRunner);
		return found;
	};
	return {strays, runners, now};
}

/** What the operating system says of a spawn. `outputAt` is the time of its session file, null when none was found. */
export function factsOf(
	spawn: SpawnRecord,
	outputAt: Instant | null,
	{strays, runners, now}: Glance,
): ProcessFacts {
	const marked = strays.get(spawn.id) ?? [];
	if (!isLive(spawn)) return {...noFacts, strays: marked};
	if (spawn.status !== 'running') return noFacts;
	const found = findProcess(spawn);
	const facts = {...noFacts, lastOutputAt: outputAt, hasOutput: outputAt !== null};
	if (found.entry !== null) return {...facts, isAlive: true, cpuMs: found.entry.cpuMs};
	const left = marked.length === 0 ? '' : `; left of it: ${marked.join(', ')}`;
	const isBeginning = spawn.process === null && now - spawn.createdAt < unclaimedAfterMs;
	return {
		...facts,
		isSupervised: isBeginning || runners().some(words => isRunnerOf(words, spawn)),
		evidence: found.evidence + left,
	};
}

/** True for the runner of a spawn: between two tries, and after the last one, its CLI is gone, but it is no orphan. */
function isRunnerOf(words: readonly string[], {id, agent, channel, channelId}: SpawnRecord): boolean {
	const told = words.indexOf('--spawn-id');
	if (told !== -1) return words[told + 1] === id;
	const place = words.indexOf('--channel');
	const isHere =
		place === -1 ? channelId === null : words[place + 1] === channelId || words[place + 1] === channel;
	return (
		isHere && words[words.findIndex((_, index) => isRunner(words.slice(index, index + 2))) + 2] === agent
	);
}
