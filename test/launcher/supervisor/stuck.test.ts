import {writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {workspaceBackend} from '../../../src/backend/workspace/backend.ts';
import {lastBeat} from '../../../src/launcher/supervisor/heartbeat.ts';
import {presentQuery} from '../../../src/model/query.ts';
import type {Spawn} from '../../../src/model/spawn.ts';
import {minute, second} from '../../../src/model/time.ts';
import {activityOf} from '../../../src/process/activity.ts';
import {isAlive, readProcess} from '../../../src/process/table.ts';
import {listEvents} from '../../../src/store/events.ts';
import {heartbeatPath} from '../../../src/workspace/paths.ts';
import {until} from '../../helpers/wait.ts';
import {aWorkspace, isRunning, type TestWorkspace} from '../../helpers/workspace.ts';

const untilGo = [{waitFor: 'go'}, {send: 'done @human'}];

const isGone = (pid: number) => until('the supervisor is gone', () => readProcess(pid) === null);

/** A running spawn whose supervisor is stopped, and has not moved for a while. */
async function aStoppedSupervisor({home, raid, spawnOf}: TestWorkspace, forMs: number): Promise<Spawn> {
	await raid(['send', 'general', '@hailot go']);
	const spawn = await spawnOf('hailot', isRunning);
	process.kill(spawn.supervisor?.pid ?? 0, 'SIGSTOP');
	await until('it is stopped', () => activityOf(spawn.supervisor?.pid ?? 0).inactivity === 'stopped');
	const beat = await until('a heartbeat', () => lastBeat(home, spawn.id));
	const aged = {...beat, wall: beat.wall - forMs, steady: beat.steady - forMs};
	writeFileSync(heartbeatPath(home, spawn.id), JSON.stringify(aged));
	return spawn;
}

test('a supervisor that is stopped shows as stuck, with its evidence and what helps', async () => {
	const workspace = aWorkspace({agents: {hailot: [untilGo]}});
	const {supervisor} = await aStoppedSupervisor(workspace, 40 * second);
	const {spawns, alerts} = workspaceBackend(workspace.opened).read(presentQuery);

	const evidence = new RegExp(
		`its supervisor \\(PID ${supervisor?.pid}\\) is stopped, no sign of life for \\d`,
	);
	expect(spawns[0]).toMatchObject({state: 'stuck', reason: expect.stringMatching(evidence)});
	expect(alerts).toMatchObject([
		{
			kind: 'stuck',
			severity: 'critical',
			text: expect.stringMatching(/^hailot is stuck: its supervisor/),
			help: {command: 'raid cleanup'},
		},
	]);
});

test('one that has not moved for long is replaced by the next look; its agent works on', async () => {
	const workspace = aWorkspace({agents: {hailot: [untilGo]}});
	const before = await aStoppedSupervisor(workspace, 10 * minute);
	await workspace.raid(['--once']);
	await workspace.spawnOf('hailot', ({supervisor}) => supervisor?.pid !== before.supervisor?.pid);
	await isGone(before.supervisor?.pid ?? 0);
	workspace.go();
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({status: 'completed', attempt: 1, process: before.process});
	expect(listEvents(workspace.opened.store, {spawn: before.id})).toContainEqual(
		expect.objectContaining({
			kind: 'supervisor-stuck',
			supervisor: before.supervisor,
			evidence: expect.stringContaining('is stopped'),
		}),
	);
});

test('cleanup replaces a stuck supervisor at once', async () => {
	const workspace = aWorkspace({agents: {hailot: [untilGo]}});
	const before = await aStoppedSupervisor(workspace, 40 * second);
	await workspace.raid(['cleanup']);
	await isGone(before.supervisor?.pid ?? 0);
	workspace.go();
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({status: 'completed', process: before.process});
});

test('a stop ends a supervisor that does not answer', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{hang: true}]]}, config: {graceful: '100ms'}});
	const {supervisor, process: agent} = await aStoppedSupervisor(workspace, 0);
	const {exitCode} = await workspace.raid(['stop', '--all']);

	expect(exitCode).toBe(0);
	expect(workspace.spawns()[0]?.status).toBe('killed');
	await isGone(supervisor?.pid ?? 0);
	await isGone(agent?.pid ?? 0);
});

test('what an agent finished while its supervisor did not answer is posted when both are stopped', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{waitFor: 'go'}, {say: 'the answer'}]]}});
	const {process: agent} = await aStoppedSupervisor(workspace, 0);
	workspace.go();
	// Its supervisor, which is stopped, does not wait for it.
	await until('the agent has ended', () => !isAlive(agent));
	await workspace.raid(['stop', '--all']);

	expect(workspace.messages()).toContainEqual(expect.objectContaining({from: 'hailot', text: 'the answer'}));
	expect(workspace.spawns()[0]?.status).toBe('killed');
});

test('a supervisor that moves is never stuck, whoever looks', async () => {
	const workspace = aWorkspace({agents: {hailot: [untilGo]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	const {id} = await workspace.spawnOf('hailot', isRunning);
	const first = await until('a heartbeat', () => lastBeat(workspace.home, id));
	await until('the next one', () => (lastBeat(workspace.home, id)?.steady ?? 0) > first.steady);

	expect(workspaceBackend(workspace.opened).read(presentQuery).spawns[0]?.state).toBe('working');
});
