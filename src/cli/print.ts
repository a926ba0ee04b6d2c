import {type ExitCode, exitCodes} from '../errors.ts';
import type {Row} from '../text/row.ts';
import {paint, themeFor} from '../text/theme.ts';
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
	if (flags.json) {
		if (document !== null) terminal.print(`${JSON.stringify({version: 1, ...document}, null, '\t')}\n`);
		return;
	}
	// Without colours, blanks at the end of a row mean nothing.
	const theme = themeFor(terminal);
	const lines = rows.map(row => paint(row, theme)).map(line => (terminal.hasColor ? line : line.trimEnd()));
	if (lines.length > 0) terminal.print(`${lines.join('\n')}\n`);
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
	if ('bytes' in piece) terminal.print(piece.bytes);
	else if (flags.json) {
		if (piece.document !== null) terminal.print(`${JSON.stringify({version: 1, ...piece.document})}\n`);
	} else if (piece.rows.length > 0) terminal.print(paintedLines(piece.rows, terminal));
}

function paintedLines(rows: readonly Row[], terminal: Outlet['terminal']): string {
	const theme = themeFor(terminal);
	return rows.map(row => `${paint(row, theme)}\n`).join('');
}
