import {expect, test} from 'vitest';
import {runHere} from '../helpers/cli.ts';
import {aWorkspace, type TestWorkspace} from '../helpers/workspace.ts';

interface Alert {
	readonly id: string;
	readonly kind: string;
	readonly severity: string;
	readonly acknowledgedAt: string | null;
}

async function alertsOf(workspace: TestWorkspace): Promise<readonly Alert[]> {
	return JSON.parse((await runHere(workspace, ['alerts', '--json'])).stdout).alerts;
}

test('an agent that is blocked is an alert until it is acknowledged', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{blocked: 'Which database, @human?'}]]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.rest();
	const before = await alertsOf(workspace);
	const id = before.find(({kind}) => kind === 'blocked')?.id ?? '';

	expect(before).toContainEqual(expect.objectContaining({kind: 'blocked', acknowledgedAt: null}));
	expect((await runHere(workspace, ['health'])).exitCode).toBe(1);
	expect((await runHere(workspace, ['--once', '--check'])).exitCode).toBe(1);
	expect((await runHere(workspace, ['alerts'])).stdout).toMatch(new RegExp(`^${id} +\\w+ +blocked`, 'm'));
	expect((await runHere(workspace, ['alerts', '--ack', id])).stdout).toBe('Acknowledged.\n');
	expect((await alertsOf(workspace)).find(alert => alert.id === id)?.acknowledgedAt).not.toBeNull();
	expect((await runHere(workspace, ['alerts', '--ack', id])).exitCode).toBe(3);
	expect((await runHere(workspace, ['alerts', '--ack', '--all'])).exitCode).toBe(0);
	expect((await runHere(workspace, ['health'])).exitCode).toBe(0);
	expect((await runHere(workspace, ['--once', '--check'])).exitCode).toBe(0);
	expect((await runHere(workspace, ['alerts', '--ack', '--all', '--json'])).stdout).toMatch(
		/"acknowledged": \[\]/,
	);
});
