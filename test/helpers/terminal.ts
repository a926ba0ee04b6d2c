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
