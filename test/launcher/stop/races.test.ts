import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {findMarked} from '../../../src/process/table.ts';
import {until} from '../../helpers/wait.ts';
import {aWorkspace, isRunning, processesOf} from '../../helpers/workspace.ts';

test('two that stop everything at once: all is ended, and reported once', async () => {
	const workspace = aWorkspace({
		agents: {a: [[{hang: true}]], b: [[{hang: true}]]},
		config: {graceful: '300ms'},
	});
	await workspace.raid(['send', 'general', '@a @b go']);
	await workspace.spawnOf('a', isRunning);
	await workspace.spawnOf('b', isRunning);
	const both = await Promise.all([workspace.raid(['stop', '--all']), workspace.raid(['stop', '--all'])]);

	expect(both.map(({exitCode}) => exitCode)).toEqual([0, 0]);
	expect(workspace.spawns().map(({status}) => status)).toEqual(['killed', 'killed']);
	expect(workspace.messages().filter(({from}) => from === 'raid')).toHaveLength(2);
	await until('nothing is left', () => processesOf(workspace.home).length === 0);
});

test('a chain of forks in sessions of their own does not outrun a stop', async () => {
	const workspace = aWorkspace({config: {graceful: '300ms'}});
	const script = join(workspace.directory, 'fork.sh');
	writeFileSync(script, `echo x >> forks; sleep 0.05; setsid sh ${script} &\n`);
	workspace.registerCommand('f', ['sh', '-c', `sh ${script}; exec sleep 600`]);
	await workspace.raid(['send', 'general', '@f go']);
	const {id} = await workspace.spawnOf('f', isRunning);
	const forks = () =>
		existsSync(join(workspace.directory, 'forks'))
			? readFileSync(join(workspace.directory, 'forks'), 'utf8').length
			: 0;
	await until('it forks', () => forks() > 10);
	const {exitCode} = await workspace.raid(['stop', '--all']);

	expect(exitCode).toBe(0);
	expect(findMarked('RAID_SPAWN_ID').get(id) ?? []).toEqual([]);
});

test('a stop during a storm of messages loses none, and what was asked for later runs', async () => {
	const workspace = aWorkspace({
		agents: {a: [[{hang: true}], [{say: 'later'}], [{say: 'later'}]]},
		config: {graceful: '300ms'},
	});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.spawnOf('a', isRunning);
	const storm = Array.from({length: 8}, (_, index) =>
		workspace.raid(['send', 'general', `@a message ${index}`]),
	);
	const {exitCode} = await workspace.raid(['stop', '--all']);
	const sent = await Promise.all(storm);
	await workspace.raid(['release']);
	await workspace.rest();

	expect([exitCode, ...sent.map(one => one.exitCode)]).toEqual(Array(9).fill(0));
	expect(workspace.messages().filter(({from}) => from === 'human')).toHaveLength(9);
	expect(workspace.spawns()[0]?.status).toBe('killed');
});

test('a stop works without a home folder, as in a cron job', async () => {
	const workspace = aWorkspace({agents: {a: [[{hang: true}]]}, config: {graceful: '300ms'}});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.spawnOf('a', isRunning);
	const {exitCode} = await workspace.raid(['stop', '--all', '--home', workspace.home], {
		env: {HOME: undefined},
	});

	expect(exitCode).toBe(0);
	expect(workspace.spawns()).toMatchObject([{status: 'killed'}]);
});

test('a stop that died after its signals is carried out by the next look', async () => {
	const workspace = aWorkspace({
		agents: {a: [[{ignoreTerm: true}, {say: 'deaf'}, {hang: true}]]},
		config: {graceful: '1s'},
	});
	await workspace.raid(['send', 'general', '@a go']);
	const {id, supervisor} = await workspace.spawnOf('a', isRunning);
	process.kill(supervisor?.pid ?? 0, 'SIGSTOP');
	const stopping = workspace.raid(['stop', '--all']);
	await workspace.spawnOf('a', ({killedBy}) => killedBy !== null);
	stopping.nodeChildProcess.kill('SIGKILL');
	process.kill(supervisor?.pid ?? 0, 'SIGKILL');
	await until('its supervisor is gone', () => !findMarked('RAID_SUPERVISOR_OF').has(id));
	await workspace.raid(['health']);
	await workspace.rest();

	expect(workspace.spawns()).toMatchObject([{status: 'killed', attempt: 1}]);
	expect(findMarked('RAID_SPAWN_ID').get(id) ?? []).toEqual([]);
});
