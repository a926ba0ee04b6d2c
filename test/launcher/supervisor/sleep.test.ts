import {utimesSync, writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {workspaceBackend} from '../../../src/backend/workspace/backend.ts';
import {lastBeat} from '../../../src/launcher/supervisor/heartbeat.ts';
import {noticingSleep} from '../../../src/launcher/supervisor/sleep.ts';
import type {Clocks} from '../../../src/model/gap.ts';
import {presentQuery} from '../../../src/model/query.ts';
import {minute} from '../../../src/model/time.ts';
import {activityOf} from '../../../src/process/activity.ts';
import {readClocks} from '../../../src/process/clocks.ts';
import {listEvents} from '../../../src/store/events.ts';
import {attemptFiles, heartbeatPath} from '../../../src/workspace/paths.ts';
import {noon} from '../../helpers/builders.ts';
import {until} from '../../helpers/wait.ts';
import {aWorkspace} from '../../helpers/workspace.ts';

const hour = 60 * minute;
const before: Clocks = {wall: noon, asleepMs: hour};
const after: Clocks = {wall: noon + 6 * hour, asleepMs: 7 * hour - 1000};

const gapsOf = ({opened}: ReturnType<typeof aWorkspace>) =>
	listEvents(opened.store).filter(({kind}) => kind === 'gap');

test('a night in which the machine slept is recorded once, although every supervisor notices', () => {
	const workspace = aWorkspace();
	const {machine} = workspace.opened;
	const supervisors = [0, 500, 1000].map(late =>
		noticingSleep(workspace.opened, {...before, wall: before.wall - late}),
	);
	for (const [index, notice] of supervisors.entries()) notice({...after, wall: after.wall + 300 * index});
	for (const notice of supervisors) notice({...after, wall: after.wall + 2000});

	expect(gapsOf(workspace)).toMatchObject([{machine, from: noon, until: noon + 6 * hour - 1000}]);
});

test('a second sleep is recorded as well', () => {
	const workspace = aWorkspace();
	const notice = noticingSleep(workspace.opened, before);
	notice(after);
	notice({wall: after.wall + hour, asleepMs: (after.asleepMs ?? 0) + 30 * minute});

	expect(gapsOf(workspace)).toHaveLength(2);
});

test('a clock that is set, forward or back, is not a sleep', () => {
	const workspace = aWorkspace();
	const notice = noticingSleep(workspace.opened, before);
	notice({...before, wall: noon + 6 * hour});
	notice({...before, wall: noon - 6 * hour});

	expect(gapsOf(workspace)).toEqual([]);
});

test('where nobody knows whether the machine slept, nothing is recorded', () => {
	const workspace = aWorkspace();
	noticingSleep(workspace.opened, {...before, asleepMs: null})({...after, asleepMs: null});

	expect(gapsOf(workspace)).toEqual([]);
});

test('whoever looks first after six hours of sleep sees nobody stalled, overdue or stuck, and hears of the sleep', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{waitFor: 'go'}, {send: 'done @human'}]]}});
	const {home, opened} = workspace;
	await workspace.raid(['send', 'general', '@hailot go']);
	const {id, supervisor} = await workspace.spawnOf('hailot', ({process}) => process !== null);
	const beat = await until('a heartbeat', () => lastBeat(home, id));
	// What six hours of sleep leave behind before its supervisor has moved again.
	process.kill(supervisor?.pid ?? 0, 'SIGSTOP');
	await until('it is stopped', () => activityOf(supervisor?.pid ?? 0).inactivity === 'stopped');
	const begun = new Date(Date.now() - 6 * hour - minute);
	const {output, errors} = attemptFiles(home, id, 1);
	for (const file of [output, errors]) utimesSync(file, begun, begun);
	const {store} = opened;
	store.prepare('UPDATE raid_attempts SET started_at = ?').run(begun.toISOString());
	store.prepare('UPDATE spawns SET created_at = ?').run(begun.toISOString());
	const asleepMs = (beat.asleepMs ?? 0) - 6 * hour;
	const steady = beat.steady + hour;
	writeFileSync(heartbeatPath(home, id), JSON.stringify({wall: Date.now() - 6 * hour, steady, asleepMs}));
	const backend = workspaceBackend(opened);
	const first = backend.read(presentQuery);
	await backend.mend();
	const second = backend.read(presentQuery);

	expect([first, second].map(({spawns}) => spawns[0]?.state)).toEqual(['working', 'working']);
	expect(second.spawns[0]?.durationMs).toBeLessThan(hour);
	expect(second.alerts).toMatchObject([
		{kind: 'slept', severity: 'notice', text: 'The machine slept for 6h 00m, and nothing ran meanwhile'},
	]);
	expect(gapsOf(workspace)).toHaveLength(1);
	process.kill(supervisor?.pid ?? 0, 'SIGCONT');
	workspace.go();
	await workspace.rest();
	expect(gapsOf(workspace)).toHaveLength(1);
	expect(workspace.spawns()[0]).toMatchObject({status: 'completed', attempt: 1});
});

test.runIf(process.platform === 'linux')(
	'this machine says how long it slept, and its steady clock is shared',
	() => {
		const {wall, steady, asleepMs} = readClocks();
		const later = readClocks();

		expect(Math.abs(wall - Date.now())).toBeLessThan(minute);
		expect(later.steady).toBeGreaterThanOrEqual(steady);
		expect(Math.abs((later.asleepMs ?? Number.NaN) - (asleepMs ?? Number.NaN))).toBeLessThan(1000);
	},
);
