import {existsSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {expect, onTestFinished, test} from 'vitest';
import {listMessages} from '../../src/store/messages.ts';
import {openStore} from '../../src/store/open.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace} from '../helpers/workspace.ts';

const agents = {hailot: [[{waitFor: 'go'}]]};
const enter = '\r';
const waiting = /Waiting for another process that writes to the store( \(PID \d+[^)]*\))?/;

/** Keeps the write lock of a store, as a stuck writer would, until `release` is called. */
function lock(home: string) {
	const other = new Database(join(home, 'raid.db'));
	onTestFinished(() => void other.close());
	other.exec('BEGIN IMMEDIATE');
	return {release: () => other.exec('ROLLBACK')};
}

test('while another process writes, the dashboard opens, redraws, says what it waits for, and quits', async () => {
	const {directory, env, home} = aWorkspace({agents});
	lock(home);
	const terminal = openTerminal([], {cwd: directory, env});
	await terminal.shows('no spawns yet');
	terminal.press(`mhold me${enter}`);
	await terminal.shows(waiting);
	await terminal.shows('sending to #general > hold me');
	terminal.press('?');
	await terminal.shows('select the next spawn');
	terminal.press('\u001b');
	terminal.resize(90, 24);
	await terminal.shows(/^! Waiting for another process/);
	await terminal.shows('q quit');
	terminal.press('q');

	expect(await terminal.ended()).toEqual({exitCode: 0, signal: 0});
	expect(terminal.written()).toContain('raid: this was not stored in #general: hold me');
});

test('a message that is sent while another process writes is stored once, as soon as that ends', async () => {
	const {directory, env, home, messages} = aWorkspace({agents});
	const terminal = openTerminal([], {cwd: directory, env});
	await terminal.shows('no spawns yet');
	const {release} = lock(home);
	terminal.press(`mfirst${enter}`);
	await terminal.shows(waiting);
	terminal.press(`msecond${enter}h`);
	await terminal.shows('sending to #general > first');
	release();
	await terminal.shows(/ {2}first$/);
	await terminal.shows(/ {2}second$/);
	await terminal.shows(/^raid .*ON HOLD/);

	expect(
		messages()
			.map(({text}) => text)
			.toSorted(),
	).toEqual(['first', 'second']);
	expect(terminal.lines().join('\n')).not.toMatch(waiting);
});

test('a store that is deleted is said to be gone, and the last that was read stays', async () => {
	const {directory, env, home, raid} = aWorkspace({agents});
	await raid(['send', 'general', 'still here']);
	const terminal = openTerminal([], {cwd: directory, env});
	await terminal.shows('still here');
	rmSync(join(home, 'raid.db'));
	await terminal.shows(/^! .*raid\.db is gone/);
	terminal.press(`mnowhere${enter}`);
	await terminal.shows(/raid\.db is gone: nothing can be stored/);
	await terminal.shows('still here');
	terminal.press('q');

	expect(await terminal.ended()).toEqual({exitCode: 0, signal: 0});
});

test('a store that is replaced by another one is opened again', async () => {
	const {directory, env, home, opened, raid} = aWorkspace({agents});
	const path = join(home, 'raid.db');
	const restored = join(directory, 'restored.db');
	opened.store.exec(`VACUUM INTO '${restored}'`);
	await raid(['send', 'general', 'lost with the old store']);
	opened.store.pragma('wal_checkpoint(TRUNCATE)');
	const terminal = openTerminal([], {cwd: directory, env});
	await terminal.shows('lost with the old store');
	for (const part of ['-wal', '-shm']) rmSync(`${path}${part}`, {force: true});
	renameSync(restored, path);
	await until('the old store is no longer shown', () => !terminal.lines().join('\n').includes('lost with'));
	terminal.press(`min the new one${enter}`);
	await terminal.shows(/ {2}in the new one$/);
	const now = openStore(path, {machine: 'test'});
	onTestFinished(() => void now.close());

	expect(listMessages(now, 'general', {limit: -1}).map(({text}) => text)).toEqual(['in the new one']);
	terminal.press('q');
	expect(await terminal.ended()).toEqual({exitCode: 0, signal: 0});
	expect(existsSync(path)).toBe(true);
});
