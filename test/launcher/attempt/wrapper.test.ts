import {spawn as startProcess} from 'node:child_process';
import {closeSync, existsSync, openSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createExitFile, exitOf, resolveProgram, wrapped} from '../../../src/launcher/attempt/wrapper.ts';
import {until} from '../../helpers/wait.ts';
import {temporaryFolder} from '../../helpers/workspace.ts';

const shells = ['/bin/dash', '/bin/bash', '/bin/sh'].filter(existsSync);

/** Runs a script of an agent under the wrapper, by one shell; what it printed, and its exit as the file says. */
function underWrapper(
	shell: string,
	script: string,
	interfere: (pid: number, folder: string) => void = () => {},
) {
	const folder = temporaryFolder();
	const path = join(folder, 'exit');
	const exit = createExitFile(path);
	const output = openSync(join(folder, 'out'), 'w');
	const errors = openSync(join(folder, 'err'), 'w');
	const [, words] = wrapped('/bin/sh', ['-c', script]);
	// `sh` decides by its name whether it keeps to POSIX.
	const child = startProcess(shell, words, {
		argv0: 'sh',
		cwd: folder,
		detached: true,
		stdio: ['ignore', output, errors, exit],
	});
	for (const file of [exit, output, errors]) closeSync(file);
	interfere(child.pid ?? 0, folder);
	return new Promise<{exit: ReturnType<typeof exitOf>; output: string; errors: string; code: number | null}>(
		resolve =>
			child.on('exit', code =>
				resolve({
					exit: exitOf(readFileSync(path, 'latin1')),
					output: readFileSync(join(folder, 'out'), 'utf8'),
					errors: readFileSync(join(folder, 'err'), 'utf8'),
					code,
				}),
			),
	);
}

test.each(shells)(
	'under %s, an exit code is kept, and the file of it cannot be reached by the agent',
	async shell => {
		expect(await underWrapper(shell, 'echo out; echo err >&2; exit 7')).toEqual({
			exit: {type: 'exited', code: 7},
			output: 'out\n',
			errors: 'err\n',
			code: 7,
		});
		const ended = await underWrapper(
			shell,
			'(echo forged >&3) 2>/dev/null; (echo forged >&4) 2>/dev/null; true',
		);
		expect(ended).toMatchObject({exit: {type: 'exited', code: 0}, output: ''});
	},
);

test.each(shells)(
	'under %s, a signal that ends the agent is kept, without a word of the shell',
	async shell => {
		expect(await underWrapper(shell, 'kill -KILL $$')).toMatchObject({
			exit: {type: 'signalled', signal: 'SIGKILL'},
			errors: '',
		});
	},
);

test.each(shells)(
	'under %s, the wrapper survives what the group is sent, and the agent reacts as it would alone',
	async shell => {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
			const ready = async (pid: number, folder: string) => {
				await until('it is ready', () => readFileSync(join(folder, 'out'), 'utf8').includes('ready'));
				process.kill(-pid, signal);
			};
			// Without a trap the signal ends it, so it was not ignored.
			expect(await underWrapper(shell, 'echo ready; sleep 60; echo late', ready)).toMatchObject({
				exit: {type: 'signalled', signal},
				output: 'ready\n',
			});
			const trapping = `trap 'echo asked; exit 5' ${signal.slice(3)}; echo ready; while :; do sleep 0.1; done`;
			expect(await underWrapper(shell, trapping, ready)).toMatchObject({
				exit: {type: 'exited', code: 5},
				output: 'ready\nasked\n',
			});
		}
	},
);

test('of a group that was killed whole, nobody knows the exit code', async () => {
	const kill = async (pid: number, folder: string) => {
		await until('it is ready', () => readFileSync(join(folder, 'out'), 'utf8').includes('ready'));
		process.kill(-pid, 'SIGKILL');
	};

	expect(await underWrapper('/bin/sh', 'echo ready; sleep 60', kill)).toMatchObject({exit: null, code: null});
});

test('a program that cannot be started is known before it is tried', () => {
	const folder = temporaryFolder();
	expect(resolveProgram('sh', folder, '/bin:/usr/bin')).toEqual({path: '/bin/sh', reason: null});
	expect(resolveProgram('/bin/sh', folder)).toEqual({path: '/bin/sh', reason: null});
	expect(resolveProgram('sh', folder, '').reason).toBe(
		'sh cannot be started: no such program is on the PATH (ENOENT)',
	);
	expect(resolveProgram('./none', folder).reason).toMatch(/there is no such file \(ENOENT\)/);
	expect(resolveProgram('/etc/passwd', folder).reason).toMatch(/not an executable file \(EACCES\)/);
	expect(resolveProgram('sh', join(folder, 'gone'), '/bin').reason).toMatch(
		/gone is not a folder \(ENOENT\)/,
	);
});
