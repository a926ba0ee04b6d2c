import {mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startDetached} from '../launcher/detached.ts';
import type {Exit} from '../model/attempt.ts';
import type {Milliseconds} from '../model/time.ts';
import {signalGroup} from '../process/signals.ts';
import {identifyChild} from '../process/table.ts';

/** A CLI that is to be run to its end. */
export interface Run {
	readonly program: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** File for its standard input; null for none. */
	readonly input: string | null;
	/** The time after which it is killed. */
	readonly withinMs: Milliseconds;
}

/** How a CLI ended, and what it printed. */
export interface RunResult {
	readonly exit: Exit;
	readonly output: string;
	readonly errors: string;
}

/** Runs a CLI as a spawn is run, so that neither a process it leaves behind nor a full pipe can block us. */
export async function run({program, args, cwd, env, input, withinMs}: Run): Promise<RunResult> {
	const folder = mkdtempSync(join(tmpdir(), 'raid-doctor-'));
	const [output, errors] = [join(folder, 'out'), join(folder, 'err')];
	try {
		const files = [openSync(output, 'a', 0o600), openSync(errors, 'a', 0o600)] as const;
		const stdin = input === null ? null : openSync(input, 'r');
		const child = await startDetached({program, args, cwd, env, files: [stdin, ...files]});
		const leader = child.pid === null ? null : identifyChild(child.pid);
		const patience = setTimeout(() => leader !== null && signalGroup(leader, 'SIGKILL'), withinMs);
		const exit = await child.exit.finally(() => clearTimeout(patience));
		return {exit, output: readFileSync(output, 'utf8'), errors: readFileSync(errors, 'utf8')};
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}
