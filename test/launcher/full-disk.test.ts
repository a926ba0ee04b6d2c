import {mkdirSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {canUnshare} from '../helpers/namespaces.ts';
import {aWorkspace, cliPath} from '../helpers/workspace.ts';

const scene = resolve(import.meta.dirname, 'on-full-disk.ts');

// Where nobody may mount a disk of his own, this cannot be tried.
test.runIf(canUnshare())(
	'an agent that ended while the disk was full is completed, and its answer posted, once there is room again',
	async () => {
		const {directory, home, env, opened, registerCommand} = aWorkspace();
		const go = join(directory, 'go');
		registerCommand('w', ['sh', '-c', `echo the answer; while [ ! -e '${go}' ]; do sleep 0.05; done`]);
		opened.store.pragma('wal_checkpoint(TRUNCATE)');
		const disk = join(directory, 'disk');
		mkdirSync(disk);
		const script = `
			mount -t tmpfs -o size=8m none "$0" && cp -r "$1" "$0/.raid" && cd "$0" || exit 99
			exec "$2" "$3" "$0/.raid" "$4" "$5"`;
		const {stdout, stderr} = await execa(
			'unshare',
			['-rm', 'sh', '-c', script, disk, home, process.execPath, scene, cliPath, go],
			{env, extendEnv: false, reject: false},
		);

		expect(stderr).toBe('');
		expect(JSON.parse(stdout)).toEqual({
			onFullDisk: {
				status: 'running',
				isAgentAlive: false,
				waitsFor: 'database or disk is full',
				state: 'starting',
				reason: 'its supervisor waits: database or disk is full',
			},
			status: 'completed',
			exitCode: 0,
			failure: null,
			texts: ['@w go', 'the answer'],
		});
	},
);
