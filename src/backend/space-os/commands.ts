import {
	accessSync,
	closeSync,
	constants,
	mkdtempSync,
	openSync,
	readFileSync,
	readSync,
	rmSync,
	statSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, isAbsolute, join, resolve} from 'node:path';
import {type Milliseconds, second} from '../../model/time.ts';
import {spaceMarker} from './processes.ts';

const longestRun: Milliseconds = 60 * second;

/** Names of the variables that say where the commands of a space-os are, when they are not on PATH. */
export const commandVariables = {bridge: 'RAID_BRIDGE', spawn: 'RAID_SPAWN'} as const;

/**
 * Path of one of space-os's commands: as the variable says, else the first on PATH that is a script. Programs of other
 * makers have these names too: `bridge` belongs to Linux's network tools, but is no script. Null when there is none.
 */
export function findCommand(name: 'bridge' | 'spawn', env: NodeJS.ProcessEnv): string | null {
	const told = env[commandVariables[name]];
	if (told) return isExecutable(resolve(told)) ? resolve(told) : null;
	const folders = (env.PATH ?? '').split(delimiter).filter(isAbsolute);
	return folders.map(folder => join(folder, name)).find(path => isExecutable(path) && isScript(path)) ?? null;
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}

function isScript(path: string): boolean {
	const mark = Buffer.alloc(2);
	try {
		const file = openSync(path, 'r');
		readSync(file, mark, 0, 2, 0);
		closeSync(file);
	} catch {
		return false;
	}
	return mark.toString() === '#!';
}

/** What a command came to. */
export interface Ran {
	/** Null when it did not end in time, or was ended by a signal. */
	readonly exitCode: number | null;
	/** The last line that it printed; empty when it printed nothing. */
	readonly lastLine: string;
}

/**
 * Runs a command to its own end, without a shell, as the operator and not as the spawn that we may run in. Output goes
 * to a file: what the command leaves running would keep a pipe open.
 */
export async function runCommand(
	program: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv,
): Promise<Ran> {
	const {execa} = await import('execa');
	const {[spaceMarker]: _, SPACE_IDENTITY: __, ...own} = env;
	const folder = mkdtempSync(join(tmpdir(), 'raid-'));
	const output = join(folder, 'output');
	const file = openSync(output, 'a', 0o600);
	try {
		const {exitCode = null, originalMessage} = await execa(program, args, {
			env: own,
			extendEnv: false,
			reject: false,
			buffer: false,
			timeout: longestRun,
			stdio: ['ignore', file as 1, file as 1],
		});
		const lines = readFileSync(output, 'utf8').trim().split('\n');
		return {exitCode, lastLine: lines.at(-1) || (exitCode === null ? (originalMessage ?? '') : '')};
	} finally {
		closeSync(file);
		rmSync(folder, {recursive: true, force: true});
	}
}
