import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {onTestFinished} from 'vitest';
import {until} from './wait.ts';
import {cliPath} from './workspace.ts';

/** The real program in a real pseudo-terminal, and the screen as an operator sees it. */
export function openTerminal(
	args: readonly string[],
	{
		cwd,
		env,
		columns = 120,
		rows = 40,
	}: {cwd: string; env: NodeJS.ProcessEnv; columns?: number; rows?: number},
) {
	const screen = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	const terminal = spawn(process.execPath, [cliPath, ...args], {
		name: 'xterm-256color',
		cols: columns,
		rows,
		cwd,
		env: {...env, CI: 'false'},
	});
	let ended: {exitCode: number; signal: number} | null = null;
	let written = '';
	terminal.onData(data => {
		written += data;
		screen.write(data);
	});
	terminal.onExit(({exitCode, signal}) => {
		ended = {exitCode, signal: signal ?? 0};
	});
	onTestFinished(() => {
		if (ended === null) process.kill(terminal.pid, 'SIGKILL');
	});
	const lines = () => {
		const {active} = screen.buffer;
		return Array.from(
			{length: screen.rows},
			(_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
		);
	};
	return {
		pid: terminal.pid,
		/** The screen, row by row, without blanks at the end. */
		lines,
		press: (keys: string) => terminal.write(keys),
		/** Waits until a row of the screen contains a text, or matches a pattern, and returns that row. */
		shows: (text: string | RegExp) =>
			until(
				() => `the screen shows ${text}, not:\n${lines().join('\n')}`,
				() => lines().find(line => (typeof text === 'string' ? line.includes(text) : text.test(line))),
			),
		resize(width: number, height: number) {
			screen.resize(width, height);
			terminal.resize(width, height);
		},
		/** Waits until the program has ended and its whole output is on the screen. */
		async ended() {
			const result = await until('the program ends', () => ended);
			await new Promise<void>(resolve => screen.write('', resolve));
			return result;
		},
		isAlternate: () => screen.buffer.active.type === 'alternate',
		/** The whole output, with its escape sequences. */
		written: () => written,
	};
}

/** Everything that a command writes to a real pseudo-terminal, from its start to its end. */
export async function printedInTerminal(
	args: readonly string[],
	{cwd, env, input}: {cwd: string; env: NodeJS.ProcessEnv; input?: string},
): Promise<string> {
	// With an `input`, standard output alone is a terminal.
	const [program, ...words] =
		input === undefined
			? [process.execPath, cliPath, ...args]
			: [
					'sh',
					'-c',
					'input=$1; shift; exec "$@" < "$input"',
					'sh',
					input,
					process.execPath,
					cliPath,
					...args,
				];
	const terminal = spawn(program as string, words, {name: 'xterm-256color', cols: 120, rows: 40, cwd, env});
	let written = '';
	let hasEnded = false;
	terminal.onData(data => {
		written += data;
	});
	const ended = new Promise<void>(resolve => {
		terminal.onExit(() => {
			hasEnded = true;
			resolve();
		});
	});
	onTestFinished(() => {
		if (!hasEnded) process.kill(terminal.pid, 'SIGKILL');
	});
	await ended;
	return written;
}
