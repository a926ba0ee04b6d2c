import {closeSync} from 'node:fs';
import {dirname} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {openToRead} from '../../files/open.ts';
import {readText} from '../../files/text.ts';
import {defaultLaunch} from '../../model/agent.ts';
import type {Exit} from '../../model/attempt.ts';
import type {ProcessIdentity, Spawn} from '../../model/spawn.ts';
import {identifyChild, isAlive} from '../../process/table.ts';
import type {Provider, Request} from '../../providers/provider.ts';
import {findAgent} from '../../store/agents.ts';
import {countAttempts, lastSessionOf, setProcess} from '../../store/attempts.ts';
import type {Workspace} from '../../workspace/open.ts';
import {constitutionPath, outboxFolder, promptPath} from '../../workspace/paths.ts';
import {startDetached} from '../detached.ts';
import {agentEnvironment} from '../environment.ts';
import {makeOutbox} from '../outbox.ts';
import {untilRecorded} from '../until-recorded.ts';
import {type AttemptDescriptors, createFiles, openFiles, readExit} from './files.ts';
import {resolveProgram, wrapped} from './wrapper.ts';

/** A CLI that runs. */
export interface Running {
	/** The process that leads its group; null when it could not be started. */
	readonly process: ProcessIdentity | null;
	/** What it prints, open for reading. `followAttempt` closes them. */
	readonly files: AttemptDescriptors;
	readonly exit: Promise<Exit>;
}

const tickMs = 100;

/**
 * Starts the CLI, under a wrapper that keeps its exit code, in a process group of its own. Its output goes straight to
 * new files, so that it depends on no other process.
 */
export async function startAttempt(
	workspace: Workspace,
	spawn: Spawn,
	attempt: number,
	provider: Provider,
): Promise<Running> {
	const {home, config} = workspace;
	makeOutbox(home, spawn.id);
	const {program, args, env, stdin} = provider.invocation(requestOf(workspace, spawn, attempt));
	const environment = agentEnvironment(workspace, spawn, env);
	const files = await untilRecorded(() => createFiles(home, spawn.id, attempt));
	const found = resolveProgram(program, config.cwd, environment.PATH);
	if (found.path === null) {
		return {process: null, files, exit: Promise.resolve({type: 'not-started', reason: found.reason})};
	}
	const [shell, words] = wrapped(found.path, args);
	const input = stdin === 'prompt' ? openPrompt(promptPath(home, spawn.id)) : null;
	const child = await startDetached({
		program: shell,
		args: words,
		cwd: config.cwd,
		env: environment,
		files: [input, files.output, files.errors, files.exit],
		keepsFiles: true,
	});
	if (input !== null) closeSync(input);
	const process = child.pid === null ? null : identifyChild(child.pid);
	return {process, files, exit: child.exit.then(exit => readExit(files) ?? exit)};
}

function openPrompt(path: string): number {
	const file = openToRead(path);
	if (file === null) throw new Error(`The prompt ${path} is gone.`);
	return file;
}

function requestOf({store, home, config, cliPath, env}: Workspace, spawn: Spawn, attempt: number): Request {
	const agent = findAgent(store, spawn.agent);
	const launch = agent?.launch ?? defaultLaunch;
	const path = constitutionPath(home, spawn.id);
	const text = readText(path);
	// A session may be impossible to resume: after a failure the next attempt begins a new one.
	const mayResume = launch.isResuming && countAttempts(store, spawn.id).failed === 0;
	return {
		model: spawn.model ?? 'default',
		launch,
		constitution: text === null ? null : {path, text},
		promptFile: promptPath(home, spawn.id),
		cwd: config.cwd,
		home,
		outbox: outboxFolder(home, spawn.id),
		env,
		session: mayResume ? lastSessionOf(store, spawn) : null,
		ordinal: agent?.spawns ?? 1,
		attempt,
		runtime: process.execPath,
		install: dirname(cliPath),
	};
}

/** A CLI that an earlier supervisor started: its wrapper has kept, or will keep, its exit code. */
export function adoptAttempt({home}: Workspace, spawn: Spawn, process: ProcessIdentity | null): Running {
	const files = openFiles(home, spawn.id, spawn.attempt);
	const untilGone = async () => {
		while (isAlive(process)) await delay(tickMs);
		return readExit(files) ?? ({type: 'unknown'} as const);
	};
	return {process, files, exit: untilGone()};
}

/** Records the process that was started. */
export function recordStart(
	workspace: Workspace,
	spawn: Spawn,
	attempt: number,
	{process}: Pick<Running, 'process'>,
): void {
	if (process !== null) setProcess(workspace.store, {spawn: spawn.id, attempt}, process, workspace.now());
}
