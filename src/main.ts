import {readFileSync} from 'node:fs';
import {storesOf} from './backend/open.ts';
import type {Context} from './cli/command.ts';
import {commandHelp, generalHelp} from './cli/help.ts';
import {guardErrors, reportError, terminalOf} from './cli/outlet.ts';
import {parseCommandLine} from './cli/parse.ts';
import {printResult} from './cli/print.ts';
import {textRow} from './cli/rows.ts';
import {program} from './commands/index.ts';
import {type ExitCode, exitCodes, isStoreFailure, RaidError} from './errors.ts';

guardErrors(process.stderr);
process.on('uncaughtException', error => {
	// Node would print the stack as it is.
	console.error(error);
	process.exit(exitCodes.notFine);
});

// A reader that has seen enough (`raid spawns | head`) is not an error; commands that still run clean up.
const closed = new AbortController();
process.stdout.on('error', error => {
	if (!('code' in error) || (error.code !== 'EPIPE' && error.code !== 'EIO')) throw error;
	closed.abort();
});

process.exitCode = await main(process.argv.slice(2)).catch(report);

async function main(argv: readonly string[]): Promise<ExitCode> {
	const {command, args, flags, isNamed} = parseCommandLine(argv, program);
	const {env, stdin: input, stdout: output, stderr: errors} = process;
	const terminal = terminalOf({env, input, output, errors, color: flags.color, closed: closed.signal});
	if (flags.help) {
		const help = isNamed ? commandHelp(command) : generalHelp(program);
		terminal.print(help.trimEnd().split('\n').map(textRow));
		return exitCodes.fine;
	}
	if (flags.version) {
		terminal.print([textRow(version())]);
		return exitCodes.fine;
	}
	const cwd = process.cwd();
	const {db, home} = flags;
	const {close, ...stores} = storesOf({
		cwd,
		env,
		db,
		home,
		inSpaceOs: command.inSpaceOs,
		warn: text => terminal.warn(`raid: ${text}`),
	});
	const hasScreen = terminal.isInteractive && flags.json !== true;
	const context: Context = {flags, terminal, hasScreen, cwd, env, ...stores};
	try {
		return await printResult(await command.run(args as never, flags as never, context), context);
	} finally {
		close();
	}
}

function version(): string {
	const path = new URL('../package.json', import.meta.url);
	return (JSON.parse(readFileSync(path, 'utf8')) as {version: string}).version;
}

function report(error: unknown): ExitCode {
	reportError(error);
	if (error instanceof RaidError) return error.exitCode;
	return isStoreFailure(error) ? exitCodes.store : exitCodes.notFine;
}
