import {expect, test} from 'vitest';
import {until} from '../helpers/wait.ts';
import {aWorkspace, processesOf} from '../helpers/workspace.ts';

test('a CLI that has waited for its quota in vain is ended and parked, and frees its slot', async () => {
	const waits = {type: 'quota', text: 'capacity exhausted', resumeAt: null, hasWaited: true};
	const workspace = aWorkspace({agents: {hailot: [[{print: JSON.stringify(waits)}, {waitFor: 'go'}]]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	const spawn = await workspace.spawnOf('hailot', ({isParked, resumeAt}) => isParked && resumeAt !== null);

	expect(spawn.resumeAt).toBeGreaterThan(spawn.attemptStartedAt ?? 0);
	expect(spawn.attempt).toBe(1);
	await workspace.raid(['stop', '--all']);
	await until('nothing is left', () => processesOf(workspace.home).length === 0);
});
