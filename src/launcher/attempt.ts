import {existsSync, openSync, readFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {defaultLaunch} from '../model/agent.ts';
import type {Exit} from '../model/attempt.ts';
import type {ProcessIdentity, Spawn} from '../model/spawn.ts';
import {identifyChild, isAlive} from '../process/table.ts';
import type {Provider, Request} from '../providers/provider.ts';
import {findAgent} from '../store/agents.ts';
import {countAttempts, lastSessionOf, setProcess} from '../store/attempts.ts';
import type {Workspace} from '../workspace/open.ts';
import {attemptFiles, constitutionPath, outboxFolder, promptPath} from '../workspace/paths.ts';
import {startDetached} from './detached.ts';
import {agentEnvironment} from './environment.ts';
import {makeOutbox} from './outbox.ts';

/** A CLI that runs. */
export interface Running {
	/** Null when it could not be started. */
	readonly process: ProcessIdentity | null;
	readonly exit: Promise<Exit>;
}

const tickMs = 100;

/** Starts the CLI in a process group of its own. Its output goes straight to files, so that it depends on no other process. */
export async function startAttempt(
	workspace: Workspace,
	spawn: Spawn,
	attempt: number,
	provider: Provider,
): Promise<Running> {
	makeOutbox(workspace.home, spawn.id);
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

function requestOf({store, home, config, cliPath, env}: Workspace, spawn: Spawn, attempt: number): Request {
	const agent = findAgent(store, spawn.agent);
	const launch = agent?.launch ?? defaultLaunch;
	const constitution = constitutionPath(home, spawn.id);
	// A session may be impossible to resume: after a failure the next attempt begins a new one.
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
		outbox: outboxFolder(home, spawn.id),
		env,
		session: mayResume ? lastSessionOf(store, spawn) : null,
		ordinal: agent?.spawns ?? 1,
		attempt,
		runtime: process.execPath,
		install: dirname(cliPath),
	};
}

/** A CLI that an earlier supervisor started; nobody can reap its exit code. */
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
