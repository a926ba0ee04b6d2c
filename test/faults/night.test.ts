import {readdirSync, readFileSync} from 'node:fs';
import {setTimeout as delay} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {isLive} from '../../src/model/spawn.ts';
import {isAlive} from '../../src/process/table.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {aWorkspace, processesOf, type Step} from '../helpers/workspace.ts';
import {expectInvariants, recover} from './invariants.ts';

// `npm run test:night`: eight hours in six minutes. Time is scaled by the scenario's speed and the limits; processes,
// crashes, kills and the dashboard that watches are real.
const speed = 80;
const hour = 3_600_000 / speed;
const least = {spawns: 300, hours: 8};

const delegates = (next: string): readonly Step[] => [
	{wait: '2m'},
	{send: `@${next} take this part`},
	{wait: '2m'},
	{usage: {input: 9000, output: 700}},
];
const works: readonly Step[] = [
	{wait: '1m'},
	{tool: 'edit'},
	{wait: '2m'},
	{say: 'one step further'},
	{wait: '1m'},
];
const failsOnce: readonly Step[] = [{wait: '1m'}, {exit: 1, attempt: 1}, ...works];
const fails: readonly Step[] = [{wait: '1m'}, {exit: 2}];
const stalls: readonly Step[] = [{say: 'reading'}, {spawn: '20m'}, {hang: true}];
const quota: readonly Step[] = [{wait: '1m'}, {quota: '8m', attempt: 1}, ...works];
const tellsDone: readonly Step[] = [...works, {send: 'my part is done @human'}];
const parts = (next: string) => [
	delegates(next),
	works,
	failsOnce,
	delegates(next),
	tellsDone,
	quota,
	works,
	fails,
	delegates(next),
	stalls,
];

test.runIf(process.env.NIGHT)(
	'a night: 300 spawns or more in eight hours, and nothing is left in the morning',
	async () => {
		const names = ['a', 'b', 'c', 'd', 'e', 'f'];
		const part = (index: number) => parts(names[(index + 1) % names.length] ?? 'a');
		const agents = Object.fromEntries(
			names.map((name, index) => [name, Array.from({length: 12}, () => part(index)).flat()]),
		);
		const config = {
			maxLive: 6,
			stallAfter: `${180_000 / speed}ms`,
			killAfter: `${600_000 / speed}ms`,
			graceful: '500ms',
			retries: 1,
		};
		const workspace = aWorkspace({agents, config, speed});
		const dashboard = openTerminal(['--channel', 'general'], {cwd: workspace.directory, env: workspace.env});
		await dashboard.shows('no spawns yet');

		const start = performance.now();
		const hoursPassed = () => (performance.now() - start) / hour;
		const acknowledged: string[] = [];
		let crashes = 0;
		let early: Measure | null = null;
		for (let round = 0; hoursPassed() < least.hours || workspace.spawns().length < least.spawns; round += 1) {
			const text = `@${names[round % names.length]} @${names[(round * 5 + 2) % names.length]} round ${round}`;
			if ((await workspace.raid(['send', 'general', text])).exitCode === 0) acknowledged.push(text);
			await delay(600);
			const running = workspace
				.spawns()
				.filter(spawn => spawn.status === 'running' && isAlive(spawn.supervisor));
			const [victim] = running;
			if (round % 12 === 5 && victim?.supervisor != null) {
				process.kill(victim.supervisor.pid, 'SIGKILL');
				crashes += 1;
			}
			if (round % 17 === 9 && victim !== undefined) await workspace.raid(['stop', victim.id]);
			if (early === null && hoursPassed() > 2) early = measure(dashboard.pid);
		}
		const late = measure(dashboard.pid);
		await workspace.raid(['hold']);
		await workspace.raid(['stop', '--all']);
		dashboard.press('q');
		expect((await dashboard.ended()).exitCode).toBe(0);
		await recover(workspace);
		expectInvariants(workspace, acknowledged);

		const spawns = workspace.spawns();
		const count = (status: string) => spawns.filter(spawn => spawn.status === status).length;
		const statuses = ['completed', 'failed', 'timeout', 'killed']
			.map(status => `${count(status)} ${status}`)
			.join(', ');
		console.log(
			`${hoursPassed().toFixed(1)} h, ${spawns.length} spawns: ${statuses}; ${crashes} supervisors crashed`,
		);
		console.log(`parked by quota: ${spawns.filter(spawn => spawn.resumeAt !== null).length}`);
		console.log(`dashboard after 2 h: ${JSON.stringify(early)}; in the morning: ${JSON.stringify(late)}`);
		expect(spawns.filter(isLive)).toEqual([]);
		expect(spawns.length).toBeGreaterThanOrEqual(least.spawns);
		expect(processesOf(workspace.home)).toEqual([]);
		expect(late.descriptors).toBeLessThanOrEqual((early?.descriptors ?? 0) + 5);
		expect(late.memoryMiB).toBeLessThan((early?.memoryMiB ?? 0) * 1.5);
	},
	3_000_000,
);

interface Measure {
	readonly descriptors: number;
	readonly memoryMiB: number;
}

function measure(pid: number): Measure {
	const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
	return {descriptors: readdirSync(`/proc/${pid}/fd`).length, memoryMiB: Math.round(Number(memory) / 1024)};
}
