import {statSync, writeSync} from 'node:fs';
import {constants as system} from 'node:os';
import {resolve} from 'node:path';
import which from 'which';
import {createAnew} from '../../files/make.ts';
import {createToWrite} from '../../files/open.ts';
import type {Exit} from '../../model/attempt.ts';

// The wrapper leads the agent's group and outlives the CLI, so that its exit code is known also to a supervisor that did
// not start it. A signal that is trapped, unlike one that is ignored, has its default effect on the CLI; and the CLI runs
// in the foreground, because a shell lets a background process ignore INT. It cannot open the file of the exit code: it
// writes to descriptor 3, which the CLI does not inherit. The shell's own words, such as "Killed", are not the agent's.
const script = `
trap : HUP INT QUIT PIPE ALRM TERM USR1 USR2
exec 4>&2 2>/dev/null
(exec "$@" 2>&4 3>&- 4>&-)
code=$?
printf '%-7s\\n' "$code" >&3
exit "$code"`;

/** What stands in the file of the exit code while the CLI runs: as long as what replaces it, so that a full disk is no obstacle. */
const placeholder = 'running\n';

const firstSignal = 128;

/** The command line that runs a program, by its path, under the wrapper. */
export function wrapped(program: string, args: readonly string[]): readonly [string, readonly string[]] {
	return ['/bin/sh', ['-c', script, 'raid-wrapper', program, ...args]];
}

/** Makes the file of an exit code, and takes its space; the descriptor for the wrapper, which the caller closes. */
export function createExitFile(path: string): number {
	const file = createAnew(path, createToWrite);
	// With a position, so that the descriptor stays at the beginning, where the wrapper writes.
	writeSync(file, placeholder, 0);
	return file;
}

/** How the CLI ended, by the text that the wrapper wrote; null while it runs, and when the wrapper itself was killed. */
export function exitOf(text: string): Exit | null {
	const code = /^(\d{1,3}) *\n$/.exec(text)?.[1];
	if (code === undefined) return null;
	// A shell reports a signal as 128 + its number. A program may exit with such a code itself, and then means the same.
	const number = Number(code) - firstSignal;
	const signal = Object.entries(system.signals).find(([, value]) => value === number)?.[0];
	return signal === undefined ? {type: 'exited', code: Number(code)} : {type: 'signalled', signal};
}

/** Where the system would find a program: its path, or the reason why it cannot be started. */
export type Resolved =
	| {readonly path: string; readonly reason: null}
	| {readonly path: null; readonly reason: string};

/** Finds a program before it is started: under the wrapper a missing one would look like one that exits with 127. */
export function resolveProgram(program: string, cwd: string, searchPath = ''): Resolved {
	const refused = (why: string): Resolved => ({path: null, reason: `${program} cannot be started: ${why}`});
	if (!statSync(cwd, {throwIfNoEntry: false})?.isDirectory())
		return refused(`${cwd} is not a folder (ENOENT)`);
	const isPath = program.includes('/');
	const path = isPath ? resolve(cwd, program) : which.sync(program, {path: searchPath, nothrow: true});
	if (path === null) return refused('no such program is on the PATH (ENOENT)');
	const stats = statSync(path, {throwIfNoEntry: false});
	if (stats === undefined) return refused('there is no such file (ENOENT)');
	if (!stats.isFile() || which.sync(path, {nothrow: true}) === null)
		return refused('it is not an executable file (EACCES)');
	return {path: resolve(cwd, path), reason: null};
}
