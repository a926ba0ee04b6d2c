import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** A program to run in a terminal, and the size of that. */
export interface ScreenOptions {
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	readonly columns?: number;
	readonly rows?: number;
}

export type Screen = ReturnType<typeof openScreen>;

/** A program of Node's in a real pseudo-terminal, with an emulator that gives the cells as an operator sees them. */
export function openScreen(args: readonly string[], {cwd, env, columns = 120, rows = 40}: ScreenOptions) {
	const screen = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	const terminal = spawn(process.execPath, [...args], {
		name: 'xterm-256color',
		cols: columns,
		rows,
		cwd,
		env: {...env, CI: 'false'},
	});
	let ended: {exitCode: number; signal: number} | null = null;
	let written = '';
	const listeners = new Set<() => void>();
	terminal.onData(data => {
		written += data;
		screen.write(data, () => {
			for (const listener of listeners) listener();
		});
	});
	terminal.onExit(({exitCode, signal}) => {
		ended = {exitCode, signal: signal ?? 0};
	});
	return {
		pid: terminal.pid,
		/** The screen, row by row, without blanks at the end. */
		lines(): readonly string[] {
			const {active} = screen.buffer;
			return Array.from(
				{length: screen.rows},
				(_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
			);
		},
		press: (keys: string) => terminal.write(keys),
		resize(width: number, height: number) {
			screen.resize(width, height);
			terminal.resize(width, height);
		},
		/** How it ended; null while it runs. */
		ending: () => ended,
		/** Resolves when all that was printed so far is on the screen. */
		drawn: () => new Promise<void>(resolve => screen.write('', resolve)),
		isAlternate: () => screen.buffer.active.type === 'alternate',
		/** The whole output, with its escape sequences. */
		written: () => written,
		/** Calls the listener each time that output has reached the screen; what it returns ends that. */
		onDrawn(listener: () => void): () => void {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		kill() {
			if (ended === null) process.kill(terminal.pid, 'SIGKILL');
		},
	};
}
