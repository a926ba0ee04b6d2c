import {fork} from 'node:child_process';
import {once} from 'node:events';
import {setTimeout as delay} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {aSpaceOs} from '../../helpers/space-os.ts';
import {openTerminal} from '../../helpers/terminal.ts';
import {until} from '../../helpers/wait.ts';
import type {Told} from './writer.ts';

// `npm run test:space`: ten minutes of writes while everything reads, and not one of them fails.
const minutes = Number(process.env.SPACE_MINUTES ?? 0);
const least = {writes: 200, rounds: 3};
const readings = [
	['--once', '--json', '--all'],
	['recv', 'general', '--tail', '3'],
	['health'],
	['mentions'],
];

test(
	'a writer that goes on writing is never held up, and never fails, whoever reads',
	async () => {
		const space = aSpaceOs();
		const writer = fork(new URL('writer.ts', import.meta.url), [space.path], {
			execArgv: ['--experimental-strip-types', '--no-warnings'],
		});
		let told: Told = {writes: 0, failures: [], longestMs: 0};
		writer.on('message', message => {
			told = message as Told;
		});
		const terminal = openTerminal([], {cwd: space.home, env: space.env});
		await terminal.shows('space-os');

		const end = performance.now() + minutes * 60_000;
		const failed: string[] = [];
		for (let round = 0; round < least.rounds || performance.now() < end; round += 1) {
			for (const args of readings) {
				const {stderr, stdout, exitCode, signal} = await space.raid(args);
				const isRead = args.includes('--json') ? JSON.parse(stdout || '{}').version === 1 : stdout !== '';
				if (stderr !== '' || exitCode !== 0 || !isRead)
					failed.push(`${args.join(' ')}: ${exitCode} ${signal} ${stderr}`);
			}
			await delay(50);
		}
		await until('enough was written', () => told.writes >= least.writes);
		writer.send('stop');
		await once(writer, 'exit');
		await terminal.shows(`message ${told.writes}`);
		terminal.press('q');
		await terminal.ended();

		if (minutes > 0) console.log(`${minutes} minutes: ${JSON.stringify(told)}`);
		expect([failed, told.failures]).toEqual([[], []]);
		const count = space.write(db =>
			db.prepare(`SELECT count(*) FROM messages WHERE content LIKE 'message %'`).pluck().get(),
		);
		expect(count).toBe(told.writes);
		expect(space.write(db => db.pragma('integrity_check', {simple: true}))).toBe('ok');
		expect(space.trace().files).toEqual(['space.db']);
	},
	minutes * 60_000 + 300_000,
);
