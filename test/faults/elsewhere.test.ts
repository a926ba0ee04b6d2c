import {expect, test} from 'vitest';
import {readProcess} from '../../src/process/table.ts';
import {canUnshare, raidElsewhere} from '../helpers/namespaces.ts';
import {aWorkspace, isRunning, type TestWorkspace} from '../helpers/workspace.ts';

const untilGo = [{waitFor: 'go'}, {send: 'done @human'}];

/** Lets all spawns belong to a container that is gone. */
function moveElsewhere({opened}: TestWorkspace): void {
	opened.store.prepare(`UPDATE raid_spawns SET namespace = 'pid:[1]'`).run();
}

test.runIf(canUnshare())(
	'a look from another PID namespace neither ends a live agent, nor starts a second one, nor lets cleanup kill it',
	async () => {
		const workspace = aWorkspace({agents: {w: [untilGo, [{send: 'done @human'}]]}});
		await workspace.raid(['send', 'general', '@w go']);
		const live = await workspace.spawnOf('w', isRunning);
		await workspace.raid(['send', 'general', '@w more']);
		const once = await raidElsewhere(workspace, ['--once']);
		const health = await raidElsewhere(workspace, ['health']);
		await raidElsewhere(workspace, ['cleanup']);
		const stop = await raidElsewhere(workspace, ['stop', live.id]);
		const sent = await raidElsewhere(workspace, ['send', 'general', '@w and this']);
		await workspace.raid(['cleanup']);

		expect(once.stdout).toMatch(/○ w #\w+ +elsewhere .*running in another PID namespace/);
		expect(once.stdout).toMatch(/1 elsewhere/);
		expect([health.exitCode, health.stdout]).toEqual([0, expect.stringMatching(/notice +elsewhere/)]);
		expect([stop.exitCode, stop.stdout]).toEqual([
			1,
			expect.stringMatching(/is in another PID namespace, so nothing of it was signalled/),
		]);
		expect(sent.stdout).toMatch(/@w queued \(elsewhere\)/);
		expect(workspace.spawns().map(({status}) => status)).toEqual(['running']);
		expect(readProcess(live.process?.pid ?? 0)?.started).toBe(live.process?.started);
		workspace.go();
		await workspace.rest();
		expect(workspace.spawns().map(({status}) => status)).toEqual(['completed', 'completed']);
		expect(
			workspace.messages().flatMap(({mentions}) => mentions.filter(({identity}) => identity === 'w')),
		).toEqual(
			[expect.anything(), expect.anything(), expect.anything()].map((_, index) =>
				expect.objectContaining({spawnId: workspace.spawns()[index === 0 ? 0 : 1]?.id}),
			),
		);
	},
);

test.runIf(canUnshare())(
	'a stop of everything signals nothing elsewhere and says so; the supervisor there heeds it',
	async () => {
		const workspace = aWorkspace({agents: {w: [[{hang: true}]]}, config: {graceful: '300ms'}});
		await workspace.raid(['send', 'general', '@w go']);
		await workspace.spawnOf('w', isRunning);
		const all = await raidElsewhere(workspace, ['stop', '--all']);
		await workspace.rest();

		expect([all.exitCode, all.stdout]).toEqual([0, expect.stringMatching(/so nothing of it was signalled/)]);
		expect(workspace.spawns()).toMatchObject([{status: 'killed'}]);
	},
);

test('what is elsewhere takes no slot; cleanup --elsewhere ends its record alone, and what waited starts here', async () => {
	const workspace = aWorkspace({
		agents: {w: [untilGo, [{send: 'done @human'}]], b: [[{send: 'done @human'}]]},
		config: {maxLive: 1},
	});
	await workspace.raid(['send', 'general', '@w go']);
	const live = await workspace.spawnOf('w', isRunning);
	moveElsewhere(workspace);
	expect((await workspace.raid(['send', 'general', '@w more @b go'])).stdout).toMatch(
		/@w queued \(elsewhere\)\n@b launched/,
	);
	await workspace.spawnOf('b', spawn => spawn.status === 'completed');
	const asked = await workspace.raid(['cleanup', '--elsewhere', live.id]);
	expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringMatching(/add --yes/)]);
	const ended = await workspace.raid(['cleanup', '--elsewhere', live.id, '--yes']);
	expect(ended.stdout).toMatch(/The record of #\w+ has ended; no process was signalled\. #\w+ answers/);
	await workspace.spawnOf('w', spawn => spawn.status === 'completed');

	expect(workspace.spawns()[0]).toMatchObject({
		status: 'killed',
		failure: 'ended as elsewhere by human',
		killedBy: 'human',
	});
	expect(workspace.messages().map(({text}) => text)).toContainEqual(
		expect.stringMatching(/^w #\w+ was ended by human as a spawn in another PID namespace/),
	);
	expect((await workspace.raid(['cleanup', '--elsewhere', live.id, '--yes'])).exitCode).toBe(2);
});

test('a spawn that waits for another place is not started here', async () => {
	const {postMessage} = await import('../../src/bridge/post.ts');
	const workspace = aWorkspace({agents: {w: [[{send: 'done @human'}]]}});
	postMessage(workspace.opened, {
		channel: 'general',
		from: 'human',
		spawnId: null,
		text: '@w go',
		claim: null,
	});
	moveElsewhere(workspace);
	workspace.opened.store.prepare(`UPDATE spawns SET created_at = '2026-01-01T00:00:00.000Z'`).run();
	const {stdout} = await workspace.raid(['--once']);
	const cleanup = await workspace.raid(['cleanup']);

	expect(stdout).toMatch(/w #\w+ +elsewhere .*pending in another PID namespace/);
	expect(cleanup.stdout).toBe('Nothing to clean up.\n');
	expect(workspace.spawns().map(({status}) => status)).toEqual(['pending']);
});

test.runIf(canUnshare())(
	'inside a sandbox with PIDs of its own nothing seems dead, and nothing is mended',
	async () => {
		const workspace = aWorkspace();
		const inside = 'raid --once --json > once.json; raid health > health.txt; echo $? >> health.txt';
		workspace.registerCommand('a', ['unshare', '-rmpf', '--mount-proc', 'sh', '-c', inside]);
		await workspace.raid(['send', 'general', '@a go']);
		await workspace.rest();
		const {readFileSync} = await import('node:fs');
		const seen = JSON.parse(readFileSync(`${workspace.directory}/once.json`, 'utf8'));

		expect(seen.spawns).toMatchObject([{status: 'running', state: 'elsewhere'}]);
		expect(seen.alerts).toMatchObject([{kind: 'elsewhere', severity: 'notice'}]);
		expect(readFileSync(`${workspace.directory}/health.txt`, 'utf8')).toMatch(/\n0\n$/);
		expect(workspace.spawns().map(({status}) => status)).toEqual(['completed']);
	},
);
