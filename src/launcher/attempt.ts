import {existsSync, openSync, readFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {defaultLaunch} from '../model/agent.ts';
import {type Exit, finalTextOf, judge, type Verdict} from '../model/attempt.ts';
import type {ProcessIdentity, Spawn} from '../model/spawn.ts';
import {identifyChild, isAlive} from '../process/table.ts';
import type {Provider, Request} from '../providers/provider.ts';
import {findAgent} from '../store/agents.ts';
import {countAttempts, endAttempt, lastSessionOf, setProcess} from '../store/attempts.ts';
import type {Workspace} from '../workspace/open.ts';
import {attemptFiles, constitutionPath, promptPath} from '../workspace/paths.ts';
import {AttemptReader} from './attempt-reader.ts';
import {startDetached} from './detached.ts';
import {agentEnvironment} from './environment.ts';

/** A CLI that runs. */
export interface Running {
	/** Null when it could not be started. */
	readonly process: ProcessIdentity | null;
	readonly exit: Promise<Exit>;
}

const tickMs = 100;

/** Starts the CLI in a process group of its own; its output goes straight to files, so it needs nobody to go on. */
export async function startAttempt(
	workspace: Workspace,
	spawn: Spawn,
	attempt: number,
	provider: Provider,
): Promise<Running> {
	const {program, args, env, stdin} = provider.invocation(requestOf(workspace, spawn, attempt));
	const {output, errors} = attemptFiles(workspace.home, spawn.id, attempt);
	const child = await startDetached({
		program,
		args,
		cwd: workspace.config.cwd,
		env: agentEnvironment(workspace, spawn, env),
		files: [
			stdin === 'prompt' ? openSync(promptPath(workspace.home, spawn.id), 'r') : null,
			openSync(output, 'a', 0o600),
			openSync(errors, 'a', 0o600),
		],
	});
	return {process: child.pid === null ? null : identifyChild(child.pid), exit: child.exit};
}

function requestOf({store, home, config, cliPath}: Workspace, spawn: Spawn, attempt: number): Request {
	const agent = findAgent(store, spawn.agent);
	const launch = agent?.launch ?? defaultLaunch;
	const constitution = constitutionPath(home, spawn.id);
	// A session that could not be gone on with must not be the end of it: the next try is a new one.
	const mayResume = launch.isResuming && countAttempts(store, spawn.id).failed === 0;
	return {
		model: spawn.model ?? 'default',
		launch,
		constitution: existsSync(constitution)
			? {path: constitution, text: readFileSync(constitution, 'utf8')}
			: null,
		promptFile: promptPath(home, spawn.id),
		cwd: config.cwd,
		home,
		session: mayResume ? lastSessionOf(store, spawn) : null,
		ordinal: agent?.spawns ?? 1,
		attempt,
		runtime: process.execPath,
		install: dirname(cliPath),
	};
}

/** A CLI that an earlier supervisor started: nobody can reap its exit code any more. */
export function adoptAttempt(process: ProcessIdentity | null): Running {
	const untilGone = async () => {
		while (isAlive(process)) await delay(tickMs);
		return {type: 'unknown'} as const;
	};
	return {process, exit: untilGone()};
}

/** Records the process that was started. */
export function recordStart(workspace: Workspace, spawn: Spawn, attempt: number, {process}: Running): void {
	if (process !== null) setProcess(workspace.store, {spawn: spawn.id, attempt}, process, workspace.now());
}

/**
 * Follows an attempt to its end: records what its output reveals as it comes, calls `onTick` several times a second
 * with what was read so far, and records how it ended. What `onTick` gives is why it was killed for its silence.
 */
export async function followAttempt(
	workspace: Workspace,
	spawn: Spawn,
	attempt: number,
	provider: Provider,
	running: Running,
	onTick: (reader: AttemptReader) => Promise<string | null>,
): Promise<Verdict & {readonly finalText: string | null}> {
	const reader = new AttemptReader(workspace, spawn, attempt, provider);
	let exit: Exit | null = null;
	let timeout: string | null = null;
	while (exit === null) {
		exit = await Promise.race([running.exit, delay(tickMs, null)]);
		if (exit !== null) break;
		reader.readNews();
		timeout = (await onTick(reader)) ?? timeout;
	}
	const summary = reader.finish(exit);
	const verdict: Verdict =
		timeout === null
			? judge(exit, summary, provider.hasResult)
			: {status: 'timeout', failure: timeout, canPass: true};
	const end = {
		exit,
		failure: verdict.failure,
		lastOutputAt: reader.lastOutputAt,
		isParked: verdict.status === 'parked',
	};
	endAttempt(workspace.store, {spawn: spawn.id, attempt}, end, workspace.now());
	return {...verdict, finalText: finalTextOf(summary)};
}
