import {expect, test} from 'vitest';
import {runHere} from '../helpers/cli.ts';
import {aSpaceOs} from '../helpers/space-os.ts';
import {aWorkspace} from '../helpers/workspace.ts';

test('limits are changed while the raid runs, and given back', async () => {
	const workspace = aWorkspace({config: {maxLive: 2}});
	const shown = async (...argv: string[]) => (await runHere(workspace, ['limits', ...argv])).stdout;

	expect(await shown()).toMatch(/^maxLive +2 /m);
	expect(await shown('maxLive=8', 'stallAfter=90s')).toMatch(/^stallAfter +90s /m);
	expect(await shown()).toMatch(/^maxLive +8 /m);
	expect(await shown('maxLive=default')).toMatch(/^maxLive +2 /m);
});

test('an agent on hold is not launched by others, until it is released', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{send: '@oplot go'}]], oplot: [[]]}});

	expect((await runHere(workspace, ['hold', '--agent', 'oplot'])).stdout).toBe(
		'@oplot is on hold: agents start nothing new.\n',
	);
	expect(JSON.parse((await runHere(workspace, ['--once', '--json'])).stdout).holds).toEqual(['@oplot']);
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.rest();
	expect((await runHere(workspace, ['mentions', '--held'])).stdout).toMatch(
		/@oplot +general +hailot +held +hold/,
	);
	expect((await runHere(workspace, ['release', '--agent', 'oplot'])).stdout).toMatch(
		/^The hold is lifted\. Released: @oplot launched #\w+\.\n$/,
	);
	await workspace.spawnOf('oplot', spawn => spawn.status === 'completed');
});

test('a retry starts the agent again, and a live spawn is refused', async () => {
	const workspace = aWorkspace({
		agents: {hailot: [[{exit: 3}], [{waitFor: 'go'}]]},
		config: {retries: 0},
	});
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.rest();
	const [failed] = workspace.spawns();
	const {stdout} = await runHere(workspace, ['retry', failed?.id ?? '']);
	const again = await workspace.spawnOf('hailot', spawn => spawn.id !== failed?.id && spawn.attempt === 1);

	expect(stdout).toBe(`Launched #${again.id.slice(-4)}.\n`);
	expect((await runHere(workspace, ['retry', again.id])).exitCode).toBe(2);
	workspace.go();
	await workspace.spawnOf('hailot', spawn => spawn.status === 'completed');
});

test('a message says that a task is done', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{done: 'All is merged.'}]]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.rest();

	expect((await runHere(workspace, ['recv', 'general'])).stdout).toMatch(/hailot: All is merged\./);
	expect((await runHere(workspace, ['health'])).exitCode).toBe(0);
});

test('what only the operator may do is refused inside a spawn, for every command that changes something', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{waitFor: 'go'}]]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	const {id} = await workspace.spawnOf('hailot', spawn => spawn.attempt === 1);
	const inside = {RAID_SPAWN_ID: id, RAID_IDENTITY: 'hailot'};
	for (const argv of [
		['register', 'x', '--model', 'opus'],
		['channels', 'create', 'x'],
		['cleanup'],
		['stop', id],
		['retry', id],
		['hold'],
		['release'],
		['drop', '--all'],
		['limits', 'maxLive=99'],
	]) {
		const {exitCode, stderr, stdout} = await workspace.raid(argv, {env: inside});
		expect([argv[0], exitCode, stdout, stderr]).toEqual([
			argv[0],
			2,
			'',
			'raid: Only the operator may do that. Ask for it in the channel: mention @human.\n',
		]);
	}
	workspace.go();
	await workspace.rest();
});

test.each<[readonly string[], RegExp]>([
	[['retry', 'abcd'], /Mention the agent again/],
	[['limits', 'maxLive=3'], /no limits that can be set/],
	[['alerts', '--ack', '--all'], /keeps no alerts/],
	[['hold', '--agent', 'oplot'], /cannot hold anything/],
])('raid %s is refused in a space-os', async (argv, hint) => {
	const space = aSpaceOs();
	const {exitCode, stdout, stderr} = await space.raid(argv);

	expect([exitCode, stdout]).toEqual([2, '']);
	expect(stderr).toMatch(/is a space-os: raid only reads it\./);
	expect(stderr).toMatch(hint);
});
