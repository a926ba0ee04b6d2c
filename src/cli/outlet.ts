import {describeError} from '../errors.ts';
import {echo, escapeJson, sanitise} from '../text/sanitise.ts';
import {paint, themeFor} from '../text/theme.ts';
import type {Terminal} from './command.ts';

// The only file that writes to the terminal, besides Ink, which draws painted rows. Whatever passes here is safe.

/** What a terminal is made of. */
export interface TerminalParts {
	readonly env: NodeJS.ProcessEnv;
	readonly input: {readonly isTTY?: boolean};
	readonly output: {
		readonly isTTY?: boolean;
		readonly columns?: number;
		readonly rows?: number;
		write(chunk: string | Uint8Array): unknown;
	};
	readonly errors: {write(chunk: string): unknown};
	/** `--color` or `--no-color`; undefined when neither was given. */
	readonly color: boolean | undefined;
	readonly closed: AbortSignal;
}

/** The terminal of these streams, or the pipes in its place. */
export function terminalOf({env, input, output, errors, color, closed}: TerminalParts): Terminal {
	const isScreen = output.isTTY === true;
	const isDumb = env.TERM === 'dumb';
	const hasColor = color ?? (isScreen && !isDumb && !env.NO_COLOR);
	const theme = themeFor({hasColor});
	return {
		isInteractive: input.isTTY === true && isScreen && !isDumb,
		isScreen,
		width: output.columns ?? (Number(env.COLUMNS) || 120),
		height: output.rows ?? (Number(env.LINES) || 40),
		hasColor,
		closed,
		print(rows, {trims} = {trims: false}) {
			const lines = rows.map(row => paint(row, theme));
			// Without colours, blanks at the end of a row mean nothing.
			const shown = trims && !hasColor ? lines.map(line => line.trimEnd()) : lines;
			if (shown.length > 0) output.write(`${shown.join('\n')}\n`);
		},
		printJson: json => output.write(`${isScreen ? escapeJson(json) : json}\n`),
		copy: bytes => output.write(isScreen ? sanitise(Buffer.from(bytes).toString()) : bytes),
		warn: text => errors.write(`${echo(text)}\n`),
	};
}

/** Reports an error in one line. With RAID_DEBUG its stack follows. */
export function reportError(error: unknown): void {
	// An error may repeat what somebody else wrote: an argument, a name, a key of config.json.
	process.stderr.write(`raid: ${echo(describeError(error))}\n`);
	if (process.env.RAID_DEBUG) console.error(error);
}

const longestLine = 4000;

/**
 * Makes safe whatever is written to standard error, by whomever: stacks and warnings repeat what somebody else wrote, and
 * nothing of ours needs an escape sequence there.
 */
export function guardErrors(errors: NodeJS.WriteStream): void {
	const write = errors.write.bind(errors) as (text: string, ...rest: unknown[]) => boolean;
	errors.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
		const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
		return write(text.split('\n').map(safeLine).join('\n'), ...rest);
	};
}

function safeLine(line: string): string {
	return line.length > longestLine ? echo(line) : sanitise(line);
}
