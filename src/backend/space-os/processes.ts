import {basename} from 'node:path';
import {unclaimedAfterMs} from '../../model/limits.ts';
import {isLive, type Spawn, type SpawnId} from '../../model/spawn.ts';
import {noFacts, type ProcessFacts} from '../../model/state.ts';
import {type Instant, second} from '../../model/time.ts';
import {
	findMarked,
	hasReadableEnvironment,
	isAlive,
	listProcesses,
	type ProcessEntry,
	readArguments,
	readEnvironment,
	readProcess,
	startTimeOf,
} from '../../process/table.ts';
import {type Scan, straysOf} from '../strays.ts';
import type {SpaceSpawn} from './records.ts';

/** space-os puts a spawn's id into the environment of its CLI, which everything that the CLI starts inherits. */
export const spaceMarker = 'SPACE_SPAWN_ID';

// Start times of processes are known to about a second.
const startSlack = 2 * second;

/** The living processes of each spawn, without the runners of its children, which inherit its marker too. */
export function markedProcesses(): ReadonlyMap<SpawnId, readonly ProcessEntry[]> {
	const marked = [...findMarked(spaceMarker)].map(
		([id, entries]) => [id, entries.filter(({pid}) => !isRunner(readArguments(pid)))] as const,
	);
	return new Map(marked.filter(([, entries]) => entries.length > 0));
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

/** A running spawn with the beginning of its present run, by its process; any other spawn as it is. */
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

/** The process table at one instant. */
export interface ProcessTable {
	readonly scan: Scan;
	/** Arguments of all runners: read when they are needed. */
	readonly runners: () => readonly (readonly string[])[];
	readonly now: Instant;
}

/** The process table at `now`, with the latest scan for markers. */
export function processTable(scan: Scan, now: Instant): ProcessTable {
	let found: readonly (readonly string[])[] | undefined;
	const read = () => listProcesses().map(({pid}) => readArguments(pid));
	const runners = () => {
		found ??= read().filter(isRunner);
		return found;
	};
	return {scan, runners, now};
}

/** The operating system's facts about a spawn. `outputAt` is the time of its session file, null when none was found. */
export function factsOf(
	spawn: SpaceSpawn,
	outputAt: Instant | null,
	{scan, runners, now}: ProcessTable,
): ProcessFacts {
	if (!isLive(spawn)) return {...noFacts, strays: straysOf(spawn, scan)};
	if (spawn.status !== 'running') return noFacts;
	const found = findProcess(spawn);
	const facts = {...noFacts, lastOutputAt: outputAt, hasOutput: outputAt !== null};
	if (found.entry !== null) return {...facts, isAlive: true, cpuMs: found.entry.cpuMs};
	const marked = (scan.marked.get(spawn.id) ?? []).filter(isAlive);
	const left = marked.length === 0 ? '' : `; left of it: ${marked.map(({pid}) => pid).join(', ')}`;
	const isBeginning = spawn.process === null && now - spawn.createdAt < unclaimedAfterMs;
	return {
		...facts,
		isSupervised: isBeginning || runners().some(words => isRunnerOf(words, spawn)),
		evidence: found.evidence + left,
	};
}

/** True for the runner of a spawn: between two tries, and after the last, its CLI is gone without being an orphan. */
function isRunnerOf(words: readonly string[], {id, agent, channel, channelId}: SpaceSpawn): boolean {
	const idFlag = words.indexOf('--spawn-id');
	if (idFlag !== -1) return words[idFlag + 1] === id;
	const channelFlag = words.indexOf('--channel');
	const named = words[channelFlag + 1];
	const isHere = channelFlag === -1 ? channelId === null : named === channelId || named === channel;
	return (
		isHere && words[words.findIndex((_, index) => isRunner(words.slice(index, index + 2))) + 2] === agent
	);
}
