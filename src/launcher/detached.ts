import {closeSync} from 'node:fs';
import type {Exit} from '../model/attempt.ts';

/** A program to start. */
export interface Launch {
	readonly program: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** Open files for standard input (null for none), output (null for none), errors and descriptor 3. They are closed here, unless it `keepsFiles`. */
	readonly files: readonly [number | null, number | null, number, number?];
	readonly keepsFiles?: boolean;
}

/** A program that was started. */
export interface Detached {
	/** Null when it could not be started. */
	readonly pid: number | null;
	readonly exit: Promise<Exit>;
	/** Lets this process end before the program does. */
	readonly leave: () => void;
}

/**
 * Starts a program, without a shell, in a session and process group of its own: it survives the terminal and this
 * process. Its output goes straight to files, because a pipe could break.
 */
export async function startDetached({
	program,
	args,
	cwd,
	env,
	files,
	keepsFiles = false,
}: Launch): Promise<Detached> {
	const {execa} = await import('execa');
	const child = execa(program, args, {
		cwd,
		env,
		extendEnv: false,
		detached: true,
		cleanup: false,
		reject: false,
		buffer: false,
		// execa passes on any open file; its types name only the first ten.
		stdio: files.map(file => file ?? 'ignore') as ['ignore', 'ignore', 'ignore'],
	});
	for (const file of keepsFiles ? [] : files) if (file != null) closeSync(file);
	const exit = child.then(({exitCode, signal, originalMessage}): Exit => {
		if (exitCode !== undefined) return {type: 'exited', code: exitCode};
		if (signal !== undefined) return {type: 'signalled', signal};
		return {type: 'not-started', reason: `${program} cannot be started: ${originalMessage}`};
	});
	return {pid: child.pid ?? null, exit, leave: () => child.nodeChildProcess.unref()};
}
