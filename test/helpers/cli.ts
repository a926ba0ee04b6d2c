import {workspaceBackend} from '../../src/backend/workspace/backend.ts';
import type {Context, Program, Terminal} from '../../src/cli/command.ts';
import {terminalOf} from '../../src/cli/outlet.ts';
import {parseCommandLine} from '../../src/cli/parse.ts';
import {printResult} from '../../src/cli/print.ts';
import {program} from '../../src/commands/index.ts';
import {describeError, RaidError} from '../../src/errors.ts';
import type {TestWorkspace} from './workspace.ts';

/** What a command printed, and how it ended. */
export interface Ended {
	readonly exitCode: number;
	readonly stdout: string;
	/** The error in one line; empty when there was none. */
	readonly error: string;
}

/** Pipes in place of a terminal, or a screen, whose output `take` gets. */
export function aTerminal(
	take: (part: string) => unknown,
	{isScreen = false, color = false}: {isScreen?: boolean; color?: boolean} = {},
): Terminal {
	const write = (chunk: string | Uint8Array) => take(Buffer.from(chunk).toString());
	return terminalOf({
		env: {},
		input: {isTTY: false},
		output: {isTTY: isScreen, write},
		errors: {write},
		color,
		closed: new AbortController().signal,
	});
}

/** Runs a command of `raid` in this very process, in a workspace that a test has open. */
export async function runHere(
	{opened, directory, env}: TestWorkspace,
	argv: readonly string[],
	known: Program = program,
): Promise<Ended> {
	const printed: string[] = [];
	const openBackend = async () => {
		const backend = workspaceBackend(opened);
		await backend.mend();
		return backend;
	};
	try {
		const {command, args, flags} = parseCommandLine(argv, known);
		const context: Context = {
			flags,
			cwd: directory,
			env,
			terminal: aTerminal(part => printed.push(part)),
			hasScreen: false,
			openWorkspace: async () => opened,
			openBackend,
			openToStop: () => null,
			reopenBackend: openBackend,
			openToChange: async () => workspaceBackend(opened),
			openToPost: async () => ({workspace: opened, post: action => workspaceBackend(opened).perform(action)}),
		};
		const result = await command.run(args as never, flags as never, context);
		return {exitCode: await printResult(result, context), stdout: printed.join(''), error: ''};
	} catch (error) {
		if (!(error instanceof RaidError)) throw error;
		return {exitCode: error.exitCode, stdout: printed.join(''), error: describeError(error)};
	}
}
