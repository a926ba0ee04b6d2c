import {readFileSync} from 'node:fs';
import {setTimeout as delay} from 'node:timers/promises';
import {readProcess} from '../src/process/table.ts';
import {openScreen, type Screen} from '../test/helpers/screen.ts';
import {until} from '../test/helpers/wait.ts';
import {cliPath, type Raid} from './raids.ts';

const size = {columns: 160, rows: 50};

/** Opens the dashboard on a raid, and waits until it shows it. */
export async function openDashboard({directory, env}: Raid): Promise<Screen> {
	const screen = openScreen([cliPath, '--channel', 'general'], {cwd: directory, env, ...size});
	await until('the dashboard is drawn', () => screen.lines().some(line => line.includes('#general')));
	await untilCalm(screen);
	return screen;
}

/** Opens a bare screen of Ink, and waits until it is drawn. */
export async function openBareScreen(program: string, {directory, env}: Raid): Promise<Screen> {
	const screen = openScreen([program], {cwd: directory, env, ...size});
	await until('the bare screen is drawn', () => screen.lines().some(line => line.includes('row 40')));
	await untilCalm(screen);
	return screen;
}

const calmMs = 1500;
const mostWaits = 4;

/** Waits until a program has printed nothing for a while, or for a few seconds when it prints all the time. */
async function untilCalm(screen: Screen): Promise<void> {
	let before = -1;
	for (let waits = 0; waits < mostWaits && before !== screen.written().length; waits += 1) {
		before = screen.written().length;
		await delay(calmMs);
	}
}

/** Ends a program that has a screen. */
export async function close(screen: Screen): Promise<void> {
	screen.press('q');
	await until('the program ends', screen.ending);
}

/** How long it takes, in milliseconds, until the cells of the screen are as wanted after something was done. */
export function timeToCells(
	screen: Screen,
	act: () => void,
	isThere: (lines: readonly string[]) => boolean,
): Promise<number> {
	return new Promise((resolve, reject) => {
		let start = 0;
		const giveUp = setTimeout(() => {
			stop();
			reject(new Error(`the screen stays\n${screen.lines().join('\n')}`));
		}, 20_000);
		const stop = screen.onDrawn(() => {
			if (!isThere(screen.lines())) return;
			clearTimeout(giveUp);
			stop();
			resolve(performance.now() - start);
		});
		start = performance.now();
		act();
	});
}

/** CPU of one core, in percent, and bytes to the terminal, in KB/s, of a program within a time. */
export async function watchLoad(
	screen: Screen,
	ms: number,
): Promise<{readonly cpu: number; readonly bytes: number}> {
	const cpuOf = () => readProcess(screen.pid)?.cpuMs ?? Number.NaN;
	const before = {cpu: cpuOf(), bytes: screen.written().length, at: performance.now()};
	await delay(ms);
	const passed = performance.now() - before.at;
	const cpu = (100 * (cpuOf() - before.cpu)) / passed;
	return {cpu, bytes: (screen.written().length - before.bytes) / passed};
}

/** The resident memory of a process, in MiB. */
export function memoryOf(pid: number): number {
	const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
	return Number(kibibytes) / 1024;
}
