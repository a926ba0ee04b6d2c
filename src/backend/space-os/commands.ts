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

/** The environment variables that name the commands of a space-os where they are not on PATH. */
export const commandVariables = {bridge: 'RAID_BRIDGE', spawn: 'RAID_SPAWN'} as const;

/**
 * The path of a space-os command: the one that the variable names, else the first on PATH that is a script. Other programs
 * have these names too: the `bridge` of Linux's network tools is a binary. Null when there is none.
 */
export function findCommand(name: 'bridge' | 'spawn', env: NodeJS.ProcessEnv): string | null {
	const named = env[commandVariables[name]];
	if (named) return isExecutable(resolve(named)) ? resolve(named) : null;
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

/** How a command ended. */
export interface CommandEnd {
	/** Null when it did not end in time, or a signal ended it. */
	readonly exitCode: number | null;
	/** The last line that it printed; empty when it printed nothing. */
	readonly lastLine: string;
}

/**
 * Runs a command to its end, without a shell, as the operator even inside a spawn. Its output goes to a file, because a
 * process that it leaves running would keep a pipe open.
 */
export async function runCommand(
	program: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv,
): Promise<CommandEnd> {
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
