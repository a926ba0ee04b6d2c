import {join} from 'node:path';
import {expect, test} from 'vitest';
import {writerOf} from '../../src/process/locks.ts';
import {openStore, writing} from '../../src/store/open.ts';
import {StoreBusyError} from '../../src/store/patience.ts';
import {aWriter} from '../helpers/locked-store.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, temporaryFolder} from '../helpers/workspace.ts';

test('whoever waits for another writer says so, and succeeds when that writer is done', async () => {
	const {home, raid} = aWorkspace();
	const writer = await aWriter(join(home, 'raid.db'));
	const creating = raid(['channels', 'create', 'review']);
	let said = '';
	creating.nodeChildProcess.stderr?.on('data', chunk => {
		said += chunk;
	});
	await until('it says that it waits', () => said.includes('Waiting for another process'));
	await writer.free();
	const {exitCode, stderr} = await creating;

	expect(exitCode).toBe(0);
	expect(stderr.match(/Waiting/g)).toHaveLength(1);
	if (process.platform === 'linux') expect(stderr).toContain(`PID ${writer.pid}`);
});

test('a store that stays locked is given up, with the process that locks it', async () => {
	const path = join(temporaryFolder(), 'raid.db');
	const store = openStore(path, {machine: 'm', isNew: true, patience: {waitMs: 200, writerOf}});
	const writer = await aWriter(path);
	const write = () => writing(store, () => {});

	expect(write).toThrow(StoreBusyError);
	if (process.platform === 'linux') expect(write).toThrow(`PID ${writer.pid}`);
	await writer.free();
	expect(write).not.toThrow();
	store.close();
});

test('an error of the change itself is not tried again', () => {
	const path = join(temporaryFolder(), 'raid.db');
	const store = openStore(path, {machine: 'm', isNew: true});
	let tries = 0;
	const busy = Object.assign(new Error('busy'), {code: 'SQLITE_BUSY'});
	const fail = () =>
		writing(store, () => {
			tries += 1;
			throw busy;
		});

	expect(fail).toThrow(busy);
	expect(tries).toBe(1);
	store.close();
});
