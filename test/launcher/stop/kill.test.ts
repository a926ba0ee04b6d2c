import {spawn as startProcess} from 'node:child_process';
import {once} from 'node:events';
import {expect, onTestFinished, test} from 'vitest';
import {postMessage} from '../../../src/bridge/post.ts';
import {markTargets} from '../../../src/launcher/stop/stop.ts';
import {findMarked, identifyChild, readProcess} from '../../../src/process/table.ts';
import {setProcess} from '../../../src/store/attempts.ts';
import {until} from '../../helpers/wait.ts';
import {aWorkspace, isRunning, type TestWorkspace} from '../../helpers/workspace.ts';

/** The living processes that carry a spawn's marker. */
const marked = (id: string) => findMarked('RAID_SPAWN_ID').get(id) ?? [];

async function launched(workspace: TestWorkspace, processes: number) {
	await workspace.raid(['send', 'general', '@hailot go']);
	const spawn = await workspace.spawnOf('hailot', isRunning);
	await until('all its processes run', () => marked(spawn.id).length >= processes);
	return spawn;
}

test('a kill reaches a grandchild in a session of its own, and nothing of the spawn is left', async () => {
	const workspace = aWorkspace({
		agents: {hailot: [[{spawn: '10m'}, {hang: true}]]},
		config: {graceful: '1s'},
	});
	// The wrapper, the CLI and its tool.
	const {id} = await launched(workspace, 3);
	const {exitCode, stdout} = await workspace.raid(['stop', id]);

	expect(marked(id)).toEqual([]);
	expect([exitCode, stdout]).toEqual([
		0,
		expect.stringMatching(/hailot #\w{4} was killed \(pid \d+, \d+, \d+\)\./),
	]);
	expect(workspace.spawns()[0]).toMatchObject({status: 'killed', killedBy: 'human'});
});

test('one that ignores TERM gets KILL', async () => {
	const workspace = aWorkspace({
		agents: {hailot: [[{ignoreTerm: true}, {say: 'deaf'}, {hang: true}]]},
		config: {graceful: '300ms'},
	});
	const {id} = await launched(workspace, 1);
	const {exitCode} = await workspace.raid(['stop', id]);

	expect(exitCode).toBe(0);
	expect(marked(id)).toEqual([]);
	expect(workspace.spawns()[0]).toMatchObject({status: 'killed'});
});

test('a kill is final: no retry, and the operator is told once', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{hang: true}]]}, config: {retries: 5, graceful: '1s'}});
	const {id} = await launched(workspace, 1);
	await workspace.raid(['stop', id]);
	const again = await workspace.raid(['stop', id]);

	expect(again.stdout).toMatch(/had already ended/);
	expect(workspace.spawns()).toMatchObject([{status: 'killed', attempt: 1}]);
	expect(workspace.messages().filter(({from}) => from === 'raid')).toHaveLength(1);
});

test('a kill works when the supervisor is dead', async () => {
	const workspace = aWorkspace({
		agents: {hailot: [[{spawn: '10m'}, {hang: true}]]},
		config: {graceful: '1s'},
	});
	const {id, supervisor} = await launched(workspace, 2);
	process.kill(supervisor?.pid ?? 0, 'SIGKILL');
	const {exitCode} = await workspace.raid(['stop', id]);

	expect(exitCode).toBe(0);
	expect(marked(id)).toEqual([]);
	expect(workspace.spawns()[0]).toMatchObject({status: 'killed'});
});

test('a kill works when the supervisor hangs', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{hang: true}]]}, config: {graceful: '300ms'}});
	const {id, supervisor} = await launched(workspace, 1);
	process.kill(supervisor?.pid ?? 0, 'SIGSTOP');
	onTestFinished(() => void process.kill(supervisor?.pid ?? 0, 'SIGCONT'));
	const {exitCode} = await workspace.raid(['stop', id]);

	expect(exitCode).toBe(0);
	expect(marked(id)).toEqual([]);
	expect(workspace.spawns()[0]).toMatchObject({status: 'killed'});
});

test('a PID that was given to another process is never signalled', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{hang: true}]]}, config: {graceful: '300ms'}});
	const {id, supervisor, process: agent} = await launched(workspace, 1);
	const innocent = startProcess('sleep', ['600'], {detached: true, stdio: 'ignore'});
	onTestFinished(() => void innocent.kill('SIGKILL'));
	process.kill(supervisor?.pid ?? 0, 'SIGKILL');
	process.kill(-(agent?.pid ?? 0), 'SIGKILL');
	await until('the agent is gone', () => marked(id).length === 0);
	// The record names a PID that is another's by now: same number, other start time.
	const own = identifyChild(innocent.pid ?? 0);
	const earlier = {pid: innocent.pid ?? 0, started: `${own?.started}-earlier`};
	setProcess(workspace.opened.store, {spawn: id, attempt: 1}, earlier, Date.now());
	const {exitCode} = await workspace.raid(['stop', id]);

	expect(exitCode).toBe(0);
	expect(readProcess(innocent.pid ?? 0)).not.toBeNull();
	expect(workspace.spawns()[0]?.status).toMatch(/failed|killed/);
});

test('a kill of a chain ends all that it led to, and what they start meanwhile is refused', async () => {
	const agents = {hailot: [[{send: '@sonnelot help'}, {hang: true}]], sonnelot: [[{hang: true}]]};
	const workspace = aWorkspace({agents, config: {graceful: '1s'}});
	const {id} = await launched(workspace, 1);
	const child = await workspace.spawnOf('sonnelot', isRunning);
	const {exitCode} = await workspace.raid(['stop', id, '--chain']);
	const late = await workspace.raid(['send', 'general', '@sonnelot again'], {env: {RAID_SPAWN_ID: id}});

	expect(exitCode).toBe(0);
	expect([...marked(id), ...marked(child.id)]).toEqual([]);
	expect(workspace.spawns().map(spawn => spawn.status)).toEqual(['killed', 'killed']);
	expect([late.exitCode, late.stderr]).toEqual([2, expect.stringMatching(/has ended, and speaks no more/)]);
});

test('killing one spawn leaves the supervisors and children of others alone', async () => {
	const agents = {
		hailot: [[{send: '@sonnelot help'}, {hang: true}]],
		sonnelot: [[{wait: '2s'}, {send: 'done @human'}]],
	};
	const workspace = aWorkspace({agents, config: {graceful: '500ms'}});
	const {id} = await launched(workspace, 1);
	await workspace.spawnOf('sonnelot', isRunning);
	await workspace.raid(['stop', id]);
	await workspace.rest();

	expect(workspace.spawns().map(({agent, status}) => [agent, status])).toEqual([
		['hailot', 'killed'],
		['sonnelot', 'completed'],
	]);
});

test('strays of an ended spawn are reported by health, and ended by cleanup', async () => {
	const workspace = aWorkspace({
		agents: {hailot: [[{spawn: '10m'}, {send: 'all is built'}]]},
		config: {graceful: '500ms'},
	});
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.rest();
	const [spawn] = workspace.spawns();
	// A stray is what lives on for some time.
	workspace.opened.store.prepare(`UPDATE spawns SET ended_at = '2026-01-01T00:00:00.000Z'`).run();
	const ill = await workspace.raid(['health']);
	const cleaned = await workspace.raid(['cleanup']);
	const well = await workspace.raid(['health']);

	expect(ill.exitCode).toBe(1);
	expect(ill.stdout).toMatch(/critical +stray .*has ended, but PIDs? \d+/);
	expect(cleaned.stdout).toMatch(/hailot #\w{4} had strays: killed \d+/);
	expect(marked(spawn?.id ?? '')).toEqual([]);
	expect([well.exitCode, well.stdout.includes('stray')]).toEqual([0, false]);
});

test('--all ends everything, and says so when nothing is live', async () => {
	const workspace = aWorkspace({
		agents: {hailot: [[{hang: true}]], sonnelot: [[{hang: true}]]},
		config: {graceful: '500ms'},
	});
	await workspace.raid(['send', 'general', '@hailot @sonnelot go']);
	await workspace.spawnOf('hailot', isRunning);
	await workspace.spawnOf('sonnelot', isRunning);
	expect((await workspace.raid(['stop', '--all'])).exitCode).toBe(0);
	expect(workspace.spawns().map(spawn => spawn.status)).toEqual(['killed', 'killed']);
	expect((await workspace.raid(['stop', '--all'])).stdout).toBe('Nothing is live.\n');
});

test('an interrupted stop is carried out all the same', async () => {
	const workspace = aWorkspace({
		agents: {hailot: [[{ignoreTerm: true}, {say: 'deaf'}, {hang: true}]]},
		config: {graceful: '1s'},
	});
	const {id} = await launched(workspace, 1);
	const stopping = workspace.raid(['stop', id]);
	await workspace.spawnOf('hailot', spawn => spawn.killedBy !== null);
	stopping.nodeChildProcess.kill('SIGKILL');
	await once(stopping.nodeChildProcess, 'close').catch(() => {});
	await workspace.rest();

	expect(marked(id)).toEqual([]);
	expect(workspace.spawns()[0]).toMatchObject({status: 'killed'});
});

test('--all starts nothing: what is queued behind is held, and released later', async () => {
	const workspace = aWorkspace({
		agents: {hailot: [[{hang: true}], [{send: 'done @human'}]]},
		config: {graceful: '500ms'},
	});
	await launched(workspace, 1);
	await workspace.raid(['send', 'general', '@hailot and then this']);
	await workspace.raid(['stop', '--all']);
	await until(
		'no supervisor is left',
		() => !findMarked('RAID_SUPERVISOR_OF').has(workspace.spawns()[0]?.id ?? ''),
	);

	expect(workspace.spawns().map(spawn => spawn.status)).toEqual(['killed']);
	expect((await workspace.raid(['mentions', '--held'])).stdout).toMatch(
		/@hailot +general +human +held +stopped/,
	);
	await workspace.raid(['release']);
	await workspace.spawnOf('hailot', spawn => spawn.status === 'completed');
});

test('a killed chain does not come back through a link that had ended', async () => {
	const agents = {
		hailot: [[{send: '@sonnelot help'}, {hang: true}]],
		sonnelot: [[{send: '@prime your turn'}]],
		prime: [[{hang: true}], [{send: 'back again'}]],
	};
	const workspace = aWorkspace({agents, config: {graceful: '500ms'}});
	await workspace.raid(['send', 'general', '@prime keep busy']);
	const prime = await workspace.spawnOf('prime', isRunning);
	const {id} = await launched(workspace, 1);
	await workspace.spawnOf('sonnelot', spawn => spawn.status === 'completed');
	await workspace.raid(['stop', id, '--chain']);
	await workspace.raid(['stop', prime.id]);
	await workspace.rest();

	expect(workspace.spawns().filter(spawn => spawn.agent === 'prime')).toHaveLength(1);
	expect(
		workspace
			.messages()
			.flatMap(message => message.mentions)
			.find(({identity, outcome}) => identity === 'prime' && outcome === 'refused'),
	).toMatchObject({reason: 'killed'});
});

test('a stop that dies after it marked a waiting spawn is carried out by the next command', async () => {
	const workspace = aWorkspace({agents: {a: [[]]}});
	const post = {channel: 'general', from: 'human', spawnId: null, text: '@a go', claim: null};
	postMessage(workspace.opened, post);
	const id = workspace.spawns()[0]?.id ?? '';
	markTargets(workspace.opened, {type: 'spawns', ids: [id]}, 'human');
	const {stdout} = await workspace.raid(['cleanup']);

	expect(stdout).toMatch(/a #\w{4} was to be stopped: ended/);
	expect(workspace.spawns()).toMatchObject([{status: 'killed', killedBy: 'human'}]);
});
