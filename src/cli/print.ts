import {type ExitCode, exitCodes} from '../errors.ts';
import type {CommandResult, Context, Piece, Printout, Stream} from './command.ts';

type Outlet = Pick<Context, 'terminal' | 'flags'>;

/** Prints the result of a command as rows or, with `--json`, as documents; returns the exit code. */
export async function printResult(result: CommandResult, outlet: Outlet): Promise<ExitCode> {
	if ('shown' in result) return result.shown;
	if ('document' in result) {
		printWhole(result, outlet);
		return result.code ?? exitCodes.fine;
	}
	return printStream(result, outlet);
}

function printWhole({document, rows}: Printout, {terminal, flags}: Outlet): void {
	if (!flags.json) terminal.print(rows, {trims: true});
	else if (document !== null) terminal.printJson(JSON.stringify({version: 1, ...document}, null, '\t'));
}

async function printStream(stream: Stream, outlet: Outlet): Promise<ExitCode> {
	try {
		for (;;) {
			const {value, done} = await stream.next();
			if (done) return value ?? exitCodes.fine;
			printPiece(value, outlet);
		}
	} finally {
		// A stream that could not be printed to its end still cleans up.
		await stream.return(undefined);
	}
}

function printPiece(piece: Piece, {terminal, flags}: Outlet): void {
	if ('bytes' in piece) terminal.copy(piece.bytes);
	else if (!flags.json) terminal.print(piece.rows);
	else if (piece.document !== null) terminal.printJson(JSON.stringify({version: 1, ...piece.document}));
}
