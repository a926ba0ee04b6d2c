import {readFileSync} from 'node:fs';
import {findPlace} from './backend/open.ts';
import {spaceOsBackend} from './backend/space-os/backend.ts';
import {spaceOsColumns} from './backend/space-os/columns.ts';
import {readForeign} from './backend/space-os/open.ts';
import {workspaceBackend} from './backend/workspace/backend.ts';
import type {Context, Terminal} from './cli/command.ts';
import {commandHelp, generalHelp} from './cli/help.ts';
import {type Parsed, parseCommandLine} from './cli/parse.ts';
import {printResult} from './cli/print.ts';
import {program} from './commands/index.ts';
import {describeError, type ExitCode, exitCodes, RaidError, UsageError} from './errors.ts';
import {reconcile} from './launcher/reconcile.ts';
import {openWorkspace, openWorkspaceWhenFree, type Workspace} from './workspace/open.ts';

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
	let workspace: Workspace | undefined;
	const {env} = process;
	const cwd = process.cwd();
	const place = () => findPlace({cwd, env, db: flags.db, home: flags.home});
	const context: Context = {
		flags,
		terminal,
		cwd,
		env,
		async openWorkspace({reconciles, waits = false}) {
			const {home, spaceOs} = place();
			if (spaceOs !== null) throw refuseToWrite(spaceOs, command.inSpaceOs);
			workspace ??= waits ? await openWorkspaceWhenFree(home, cwd, env) : openWorkspace(home, cwd, env);
			if (reconciles) await reconcile(workspace);
			return workspace;
		},
		openToChange: async ({reconciles} = {reconciles: true}) =>
			workspaceBackend(await context.openWorkspace({reconciles})),
		async openBackend() {
			const {spaceOs} = place();
			return spaceOs === null ? context.openToChange() : spaceOsBackend(spaceOs, env);
		},
	};
	try {
		return await printResult(await command.run(args as never, flags as never, context), context);
	} finally {
		workspace?.store.close();
	}
}

/** The error of a command that would change a space-os. */
function refuseToWrite(db: string, own: string | null): UsageError {
	readForeign(db, foreign => spaceOsColumns(foreign, db));
	return new UsageError(
		`${db} is a space-os: raid only reads it.`,
		own ?? 'It has commands of its own: bridge --help, spawn --help',
	);
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
	process.stderr.write(`raid: ${describeError(error).replaceAll('\n', ' ')}\n`);
	if (process.env.RAID_DEBUG) console.error(error);
	if (error instanceof RaidError) return error.exitCode;
	return isStoreFailure(error) ? exitCodes.store : exitCodes.notFine;
}

function isStoreFailure(error: unknown): boolean {
	return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
}
