import {openSync} from 'node:fs';
import {dirname} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {
	afterEvent,
	type Exit,
	emptyTranscript,
	finalTextOf,
	judge,
	type Transcript,
	type Verdict,
} from '../model/attempt.ts';
import type {ProcessIdentity, Spawn} from '../model/spawn.ts';
import type {Milliseconds} from '../model/time.ts';
import {identifyChild, isAlive} from '../process/table.ts';
import {type Provider, readEvents} from '../providers/provider.ts';
import {findAgent} from '../store/agents.ts';
import {endAttempt, setAttemptPid} from '../store/attempts.ts';
import {addEvent} from '../store/events.ts';
import {writing} from '../store/open.ts';
import {setProcess, setProgress} from '../store/spawns.ts';
import {type AttemptFiles, attemptFiles, promptPath} from '../workspace/paths.ts';
import type {World} from '../world.ts';
import {startDetached} from './detached.ts';
import {agentEnvironment} from './environment.ts';
import {lastOutputAt, OutputFollower, outputSize} from './output.ts';

/** A CLI that runs. */
export interface Running {
	/** Null when it could not be started. */
	readonly process: ProcessIdentity | null;
	readonly exit: Promise<Exit>;
}

const tickMs = 100;

/** Starts the CLI in a process group of its own; its output goes straight to files, so it needs nobody to go on. */
export async function startAttempt(
	world: World,
	spawn: Spawn,
	attempt: number,
	provider: Provider,
): Promise<Running> {
	const agent = findAgent(world.store, spawn.agent);
	const {program, args, env} = provider.invocation({
		model: spawn.model ?? 'default',
		command: agent?.command ?? null,
		ordinal: agent?.spawns ?? 1,
		attempt,
		runtime: process.execPath,
		install: dirname(world.program),
	});
	const {output, errors} = attemptFiles(world.home, spawn.id, attempt);
	const child = await startDetached({
		program,
		args,
		cwd: world.config.cwd,
		env: agentEnvironment(world, spawn, env),
		files: [
			openSync(promptPath(world.home, spawn.id), 'r'),
			openSync(output, 'a', 0o600),
			openSync(errors, 'a', 0o600),
		],
	});
	return {process: child.pid === null ? null : identifyChild(child.pid), exit: child.exit};
}

/** A CLI that an earlier supervisor started: nobody can reap its exit code any more. */
export function adoptAttempt(process: ProcessIdentity | null): Running {
	const untilGone = async () => {
		while (isAlive(process)) await delay(tickMs);
		return {exitCode: null, signal: null, startError: null};
	};
	return {process, exit: untilGone()};
}

/** Records the process that was started. */
export function recordStart(world: World, spawn: Spawn, attempt: number, {process}: Running): void {
	if (process === null) return;
	writing(world.store, () => {
		setProcess(world.store, spawn.id, process);
		setAttemptPid(world.store, spawn.id, attempt, process.pid);
		addEvent(world.store, 'started', spawn.id, `attempt ${attempt}, pid ${process.pid}`, world.now());
	});
}

/**
 * Follows an attempt to its end: records what its output reveals as it comes, calls `onTick` several times a second
 * with the length of its silence, and records how it ended. What `onTick` gives is why it was killed for its silence.
 */
export async function followAttempt(
	world: World,
	spawn: Spawn,
	attempt: number,
	provider: Provider,
	running: Running,
	onTick: (silenceMs: Milliseconds) => Promise<string | null>,
): Promise<Verdict & {readonly finalText: string | null}> {
	const files = attemptFiles(world.home, spawn.id, attempt);
	const follower = new OutputFollower(files.output);
	let transcript = emptyTranscript;
	const take = (lines: Iterable<string>) => {
		const before = transcript;
		for (const line of lines) transcript = readEvents(provider, line).reduce(afterEvent, transcript);
		if (hasProgress(before, transcript)) setProgress(world.store, spawn.id, transcript);
	};
	let exit: Exit | null = null;
	let timeout: string | null = null;
	const silence = silenceWatch(files);
	while (exit === null) {
		exit = await Promise.race([running.exit, delay(tickMs, null)]);
		take(exit === null ? follower.read() : follower.readToEnd());
		if (exit === null) timeout = (await onTick(silence())) ?? timeout;
	}
	const verdict: Verdict =
		timeout === null
			? judge(exit, transcript, provider.hasResult)
			: {status: 'timeout', failure: timeout, canPass: true};
	const end = {
		exit,
		failure: verdict.failure,
		endedAt: world.now(),
		lastOutputAt: lastOutputAt(files),
		isParked: verdict.status === 'parked',
	};
	endAttempt(world.store, spawn.id, attempt, end);
	return {...verdict, finalText: finalTextOf(transcript)};
}

/** How long the output has not grown, by a clock that nobody can step. */
function silenceWatch(files: AttemptFiles): () => Milliseconds {
	let size = -1;
	let grownAt = performance.now();
	return () => {
		const now = outputSize(files);
		if (now !== size) grownAt = performance.now();
		size = now;
		return performance.now() - grownAt;
	};
}

function hasProgress(before: Transcript, after: Transcript): boolean {
	return (
		before.sessionId !== after.sessionId ||
		before.tokensIn !== after.tokensIn ||
		before.tokensOut !== after.tokensOut
	);
}
