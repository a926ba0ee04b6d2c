import {spawn} from '@lydell/node-pty';
import {onTestFinished} from 'vitest';
import {openScreen, type ScreenOptions} from './screen.ts';
import {until} from './wait.ts';
import {cliPath} from './workspace.ts';

/** The real program in a real pseudo-terminal, for one test. */
export function openTerminal(args: readonly string[], options: ScreenOptions) {
	const {ending, drawn, kill, ...screen} = openScreen([cliPath, ...args], options);
	onTestFinished(kill);
	return {
		...screen,
		/** Waits until a row of the screen contains a text, or matches a pattern, and returns that row. */
		shows: (text: string | RegExp) =>
			until(
				() => `the screen shows ${text}, not:\n${screen.lines().join('\n')}`,
				() => screen.lines().find(line => (typeof text === 'string' ? line.includes(text) : text.test(line))),
			),
		/** Waits until the program has ended and its whole output is on the screen. */
		async ended() {
			const result = await until('the program ends', ending);
			await drawn();
			return result;
		},
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
