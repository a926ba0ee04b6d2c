import {existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {outboxFolder, spawnFolder} from '../../src/workspace/paths.ts';
import {aWorkspace, type TestWorkspace} from '../helpers/workspace.ts';

const monthMs = 31 * 24 * 3_600_000;

/** Lets a spawn have ended a month ago. */
function age({opened}: TestWorkspace, id: string): void {
	const endedAt = new Date(Date.now() - monthMs).toISOString();
	opened.store.prepare('UPDATE spawns SET ended_at = ? WHERE id = ?').run(endedAt, id);
}

test('prune removes the logs of spawns that ended long ago, and nothing else', async () => {
	const workspace = aWorkspace({
		agents: {old: [[{say: 'hi'}]], recent: [[{say: 'hi'}]], live: [[{hang: true}]]},
	});
	await workspace.raid(['send', 'general', '@old @recent @live go']);
	const old = await workspace.spawnOf('old', ({status}) => status === 'completed');
	const recent = await workspace.spawnOf('recent', ({status}) => status === 'completed');
	const live = await workspace.spawnOf('live', ({process}) => process !== null);
	age(workspace, old.id);
	const {home, opened, directory} = workspace;
	mkdirSync(outboxFolder(home, old.id), {recursive: true});
	// An agent has put a link beside its log: it is removed, and what it leads to is not.
	writeFileSync(join(directory, 'precious'), 'mine');
	mkdirSync(join(directory, 'folder'));
	writeFileSync(join(directory, 'folder', 'precious'), 'mine');
	symlinkSync(join(directory, 'precious'), join(spawnFolder(home, old.id), 'link'));
	symlinkSync(join(directory, 'folder'), join(spawnFolder(home, old.id), 'folder'));
	const countOf = (table: string) => opened.store.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
	const before = [countOf('messages'), countOf('spawns')];

	const dry = await workspace.raid(['prune', '--dry-run']);
	expect(dry.stdout).toMatch(/^Would remove the log of 1 spawn and free \d+ KiB\.\n$/);
	expect(existsSync(spawnFolder(home, old.id))).toBe(true);
	const {stdout} = await workspace.raid(['prune', '--json']);
	expect(JSON.parse(stdout)).toMatchObject({pruned: [old.id], isDryRun: false});
	expect(existsSync(spawnFolder(home, old.id))).toBe(false);
	expect(existsSync(outboxFolder(home, old.id))).toBe(false);
	expect(readdirSync(join(home, 'logs')).toSorted()).toEqual([recent.id, live.id].toSorted());
	expect(readdirSync(join(directory, 'folder'))).toEqual(['precious']);
	expect(existsSync(join(directory, 'precious'))).toBe(true);
	expect([countOf('messages'), countOf('spawns')]).toEqual(before);
	expect((await workspace.raid(['prune'])).stdout).toMatch(/^Nothing to remove: .* more than 30 days ago/);
	expect((await workspace.raid(['prune', '--older-than', 'soon'])).exitCode).toBe(2);

	const log = await workspace.raid(['logs', old.id]);
	expect(log).toMatchObject({exitCode: 3, stdout: ''});
	expect(log.stderr).toMatch(/^raid: The log of that spawn is gone\. It was removed by `raid prune`/);
	expect((await workspace.raid(['--once'])).exitCode).toBe(0);
	expect((await workspace.raid(['chain', 'old'])).exitCode).toBe(0);
});

test('the logs of a spawn that ended a moment ago are removed when that is asked for, those of a live one never', async () => {
	const workspace = aWorkspace({agents: {done: [[{say: 'hi'}]], live: [[{hang: true}]]}});
	await workspace.raid(['send', 'general', '@done @live go']);
	const done = await workspace.spawnOf('done', ({status}) => status === 'completed');
	const live = await workspace.spawnOf('live', ({process}) => process !== null);
	await workspace.raid(['prune', '--older-than', '1ms']);

	expect(existsSync(spawnFolder(workspace.home, done.id))).toBe(false);
	expect(existsSync(spawnFolder(workspace.home, live.id))).toBe(true);
});

test('inside a spawn nothing is pruned', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{hang: true}]]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	const {id} = await workspace.spawnOf('hailot', ({process}) => process !== null);
	const refused = await workspace.raid(['prune'], {env: {RAID_SPAWN_ID: id, RAID_IDENTITY: 'hailot'}});

	expect(refused.exitCode).toBe(2);
});
