import {join} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {postMessage} from '../../src/bridge/post.ts';
import {findMarked} from '../../src/process/table.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, cliPath, type TestWorkspace} from '../helpers/workspace.ts';
import {expectInvariants, recover} from './invariants.ts';

const agents = {a: [[{wait: '1s'}, {send: 'done @human'}]]};

/** A message whose spawn is pending, as after a kill between commit and launch. */
function pending(workspace: TestWorkspace): string {
	const post = {channel: 'general', from: 'human', spawnId: null, text: '@a go', claim: null};
	postMessage(workspace.opened, post);
	return workspace.spawns()[0]?.id ?? '';
}

async function dieAt(workspace: TestWorkspace, id: string, window: string): Promise<void> {
	const script = join(import.meta.dirname, 'die-at.ts');
	const {signal} = await execa(process.execPath, [script, workspace.home, id, window, cliPath], {
		env: workspace.env,
		extendEnv: false,
		reject: false,
	});
	expect(signal).toBe('SIGKILL');
}

test('killed between commit and launch: the spawn is started by the next command', async () => {
	const workspace = aWorkspace({agents});
	pending(workspace);
	await recover(workspace);

	expect(workspace.spawns()).toMatchObject([{status: 'completed', attempt: 1}]);
	expectInvariants(workspace, ['@a go']);
});

test.each<[string, string, number]>([
	// Nothing had run: it is done now. What may have run is never run twice.
	['between claim and start', 'completed', 1],
	['between the attempt and its start', 'failed', 1],
	['between start and PID record', 'completed', 1],
	['between exit and record', 'completed', 1],
])('killed %s: %s', async (window, status, attempt) => {
	const workspace = aWorkspace({agents});
	await dieAt(workspace, pending(workspace), window);
	await recover(workspace);

	expect(workspace.spawns()).toMatchObject([{status, attempt}]);
	expectInvariants(workspace, ['@a go']);
});

test('killed during the kill: the next command carries it out', async () => {
	const workspace = aWorkspace({
		agents: {a: [[{ignoreTerm: true}, {say: 'deaf'}, {hang: true}]]},
		config: {graceful: '1s'},
	});
	await workspace.raid(['send', 'general', '@a go']);
	const {id, supervisor} = await workspace.spawnOf('a', spawn => spawn.process !== null);
	const stopping = workspace.raid(['stop', id]);
	await workspace.spawnOf('a', spawn => spawn.killedBy !== null);
	stopping.nodeChildProcess.kill('SIGKILL');
	process.kill(supervisor?.pid ?? 0, 'SIGKILL');
	await until('both are gone', () => !findMarked('RAID_SUPERVISOR_OF').has(id));
	await recover(workspace);

	expect(workspace.spawns()).toMatchObject([{status: 'killed', attempt: 1}]);
	expectInvariants(workspace, ['@a go']);
});

test('killed during the pause before a retry: the failure is recorded, nothing is left', async () => {
	const workspace = aWorkspace({agents: {a: [[{exit: 1}]]}});
	await workspace.raid(['send', 'general', '@a go']);
	const {supervisor} = await workspace.spawnOf(
		'a',
		spawn => spawn.attemptEndedAt !== null && spawn.status === 'running',
	);
	process.kill(supervisor?.pid ?? 0, 'SIGKILL');
	await recover(workspace);

	expect(workspace.spawns()).toMatchObject([{status: 'failed'}]);
	expectInvariants(workspace, ['@a go']);
});
