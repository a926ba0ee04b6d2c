import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {expect, test} from 'vitest';
import {aWorkspace} from '../helpers/workspace.ts';

test('backup copies the store whole while others write, for nobody else to read, and overwrites nothing', async () => {
	const workspace = aWorkspace();
	const {directory, home} = workspace;
	const copy = join(directory, 'copy.db');
	let isOver = false;
	const writing = (async () => {
		let sent = 0;
		for (; !isOver; sent += 1) await workspace.raid(['send', 'general', `number ${sent}`]);
		return sent;
	})();
	await workspace.raid(['send', 'general', 'before the copy']);
	const {stdout, exitCode} = await workspace.raid(['backup', 'copy.db']);
	isOver = true;
	await writing;

	expect(exitCode).toBe(0);
	expect(stdout).toMatch(/^Copied the store into \/.*copy\.db \([\d.]+ [KM]iB\)\.\n$/);
	expect(statSync(copy).mode & 0o777).toBe(0o600);
	expect(readdirSync(directory).filter(name => name.startsWith('copy'))).toEqual(['copy.db']);
	const store = new Database(copy, {readonly: true});
	expect(store.pragma('integrity_check', {simple: true})).toBe('ok');
	expect(store.prepare('SELECT content FROM messages').pluck().all()).toContain('before the copy');
	store.close();
	const again = await workspace.raid(['backup', 'copy.db']);
	expect(again).toMatchObject({exitCode: 2, stdout: ''});
	expect(again.stderr).toMatch(/copy\.db exists already\. Name another file, or overwrite it with --force/);
	expect((await workspace.raid(['backup', 'copy.db', '--force'])).exitCode).toBe(0);
	expect((await workspace.raid(['backup', join(home, 'raid.db'), '--force'])).stderr).toMatch(
		/the store itself/,
	);
});

test('a backup is neither a folder nor a file of the workspace, also when it is forced', async () => {
	const workspace = aWorkspace();
	const config = join(workspace.home, 'config.json');
	const before = readFileSync(config, 'utf8');
	for (const [file, words] of [
		[config, /config\.json is inside the workspace\. Name a file outside of/],
		[join(workspace.home, 'logs', 'copy.db'), /is inside the workspace/],
		[workspace.directory, /is a folder\. Name a file in it/],
	] as const) {
		const {exitCode, stderr} = await workspace.raid(['backup', file, '--force']);
		expect(exitCode).toBe(2);
		expect(stderr).toMatch(words);
	}

	expect(readFileSync(config, 'utf8')).toBe(before);
});

test('a backup that cannot be written leaves what was there', async () => {
	const workspace = aWorkspace();
	writeFileSync(join(workspace.directory, 'file'), 'mine');
	const {exitCode, stderr} = await workspace.raid(['backup', 'file/copy.db']);

	expect(exitCode).toBe(4);
	expect(stderr).toMatch(/^raid: [^\n]*cannot be written[^\n]*\n$/);
	expect(readFileSync(join(workspace.directory, 'file'), 'utf8')).toBe('mine');
});
