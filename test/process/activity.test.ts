import {execFileSync, spawn} from 'node:child_process';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {activityOf} from '../../src/process/activity.ts';
import {openStore} from '../../src/store/open.ts';
import {until} from '../helpers/wait.ts';
import {temporaryFolder} from '../helpers/workspace.ts';

// Only Linux says where a process waits.
const onLinux = test.runIf(process.platform === 'linux');

/** A Node process that runs the code; it is gone when the test is finished. */
function aProcess(code: string): number {
	const child = spawn(process.execPath, ['-e', code], {
		stdio: 'ignore',
		cwd: join(import.meta.dirname, '../..'),
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	return child.pid ?? 0;
}

onLinux('a process that waits for events is not blocked, and one that is stopped is', async () => {
	const pid = aProcess('setInterval(() => {}, 1e6)');
	await until('it waits', () => activityOf(pid).inactivity === 'waiting');
	process.kill(pid, 'SIGSTOP');
	await until('it is stopped', () => activityOf(pid).inactivity === 'stopped');
});

onLinux('a process that opens a FIFO is blocked, and it is known in what', async () => {
	const path = join(temporaryFolder(), 'fifo');
	execFileSync('mkfifo', [path]);
	const pid = aProcess(`fs.openSync(${JSON.stringify(path)})`);
	await until('it is blocked', () => activityOf(pid).place === 'wait_for_partner');

	expect(activityOf(pid)).toEqual({inactivity: 'blocked', place: 'wait_for_partner'});
});

onLinux('a process that waits for the lock of the store is not blocked', async () => {
	const path = join(temporaryFolder(), 'raid.db');
	const store = openStore(path, {machine: 'm', isNew: true});
	onTestFinished(() => void store.close());
	store.exec('BEGIN IMMEDIATE');
	const pid = aProcess(
		`process.title = 'locked'; new (require('better-sqlite3'))(${JSON.stringify(path)}, {timeout: 1e6}).exec('BEGIN IMMEDIATE')`,
	);
	await until('it sleeps between two tries', () => activityOf(pid).place?.includes('nanosleep'));

	expect(activityOf(pid).inactivity).toBe('waiting');
});

test('what a process that is gone does is unknown', () => {
	expect(activityOf(2 ** 22 + 1)).toEqual({inactivity: 'unknown', place: null});
});
