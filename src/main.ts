import {readFileSync} from 'node:fs';
import {storesOf} from './backend/open.ts';
import type {Context, Terminal} from './cli/command.ts';
import {commandHelp, generalHelp} from './cli/help.ts';
import {type Parsed, parseCommandLine} from './cli/parse.ts';
import {printResult} from './cli/print.ts';
import {program} from './commands/index.ts';
import {describeError, type ExitCode, exitCodes, RaidError} from './errors.ts';
import {sanitiseLine} from './text/sanitise.ts';

// A reader that has seen enough (`raid spawns | head`) is not an error; commands that still run clean up.
const closed = new AbortController();
process.stdout.on('error', error => {
	if (!('code' in error) || (error.code !== 'EPIPE' && error.code !== 'EIO')) throw error;
	closed.abort();
});

process.exitCode = await main(process.argv.slice(2)).catch(report);

async function main(argv: readonly string[]): Promise<ExitCode> {
	const parsed = parseCommandLine(argv, program);
	const {command, args, flags, isNamed} = parsed;
	const terminal = terminalOf(parsed);
	if (flags.help) {
		terminal.print(isNamed ? commandHelp(command) : generalHelp(program));
		return exitCodes.fine;
	}
	if (flags.version) {
		terminal.print(`${version()}\n`);
		return exitCodes.fine;
	}
	const {env} = process;
	const cwd = process.cwd();
	const {db, home} = flags;
	const {close, ...stores} = storesOf({cwd, env, db, home, inSpaceOs: command.inSpaceOs, warn});
	const hasScreen = terminal.isInteractive && flags.json !== true;
	const context: Context = {flags, terminal, hasScreen, cwd, env, ...stores};
	try {
		return await printResult(await command.run(args as never, flags as never, context), context);
	} finally {
		close();
	}
}

/** Reports what the operator should know beside what a command prints. */
function warn(text: string): void {
	process.stderr.write(`raid: ${sanitiseLine(text)}\n`);
}

function terminalOf({flags}: Parsed): Terminal {
	const {env, stdin, stdout} = process;
	const isDumb = env.TERM === 'dumb';
	return {
		isInteractive: stdin.isTTY === true && stdout.isTTY === true && !isDumb,
		width: stdout.columns ?? (Number(env.COLUMNS) || 120),
		height: stdout.rows ?? (Number(env.LINES) || 40),
		hasColor: flags.color ?? (stdout.isTTY === true && !isDumb && !env.NO_COLOR),
		closed: closed.signal,
		print: text => stdout.write(text),
		warn: text => process.stderr.write(`${text}\n`),
	};
}

function version(): string {
	const path = new URL('../package.json', import.meta.url);
	return (JSON.parse(readFileSync(path, 'utf8')) as {version: string}).version;
}

/** Prints an error as one line, and a bug's stack only with RAID_DEBUG; the exit code. */
function report(error: unknown): ExitCode {
	// An error may repeat what somebody else wrote: an argument, a name, a key of config.json.
	process.stderr.write(`raid: ${sanitiseLine(describeError(error))}\n`);
	if (process.env.RAID_DEBUG) console.error(error);
	if (error instanceof RaidError) return error.exitCode;
	return isStoreFailure(error) ? exitCodes.store : exitCodes.notFine;
}

function isStoreFailure(error: unknown): boolean {
	return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
}
