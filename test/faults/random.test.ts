import {type ChildProcess, spawn} from 'node:child_process';
import {setTimeout as delay} from 'node:timers/promises';
import {v7 as newId} from 'uuid';
import {expect, onTestFinished, test} from 'vitest';
import {readProcess} from '../../src/process/table.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, processesOf, type Step} from '../helpers/workspace.ts';
import {expectInvariants, recover} from './invariants.ts';
import {harmTo, note} from './tally.ts';

// A part of it in `npm test`; `npm run test:faults -- [--seed N] [--runs N]` plays more, and replays a seed.
const firstSeed = Number(process.env.FAULT_SEED ?? 1);
const runs = Number(process.env.FAULT_RUNS ?? 2);
const killsPerRun = 22;

/** A part that takes its time, delegates, fails at its first try, leaves a child, and tells that it is done. */
const part = (next: string): readonly Step[] => [
	{wait: '200ms'},
	{spawn: '300ms'},
	{send: `@${next} your turn`},
	{exit: 1, attempt: 1},
	{wait: '300ms'},
	{send: 'my part is done @human'},
];

const agents = {a: [part('b')], b: [part('c')], c: [part('d')], d: [part('a')]};

test.each(Array.from({length: runs}, (_, index) => firstSeed + index))(
	'raid under random faults, seed %d',
	async seed => {
		const random = randomOf(seed);
		const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
		const workspace = aWorkspace({agents, config: {graceful: '200ms', maxLive: 3}});
		workspace.registerCommand('e', ['sh', '-c', 'sleep 0.3; echo my part is done']);
		const innocents = startInnocents();
		const acknowledged: string[] = [];
		const sends: Promise<unknown>[] = [];
		let kills = 0;
		let stops = 0;

		const send = () => {
			const text = `@${pick([...Object.keys(agents), 'e'])} message ${sends.length}`;
			const sending = workspace.raid(['send', 'general', text], {env: {RAID_HOME: workspace.home}});
			sends.push(sending.then(({exitCode}) => (exitCode === 0 ? acknowledged.push(text) : undefined)));
		};
		const strike = async () => {
			const live = workspace.spawns().filter(spawn => spawn.endedAt === null);
			if (random() < 0.15) {
				const spawn = pick(live);
				if (spawn === undefined) return;
				stops += 1;
				void workspace.raid(['stop', spawn.id], {env: {RAID_HOME: workspace.home}});
				return;
			}
			// Any process of the raid: a sender, a supervisor, an agent, its tools, a stop.
			const victim = pick(processesOf(workspace.home));
			if (victim === undefined || readProcess(victim.pid)?.started !== victim.started) return;
			kills += 1;
			if (random() < 0.2) {
				signal(victim.pid, 'SIGSTOP');
				await delay(200);
				signal(victim.pid, 'SIGCONT');
			} else signal(victim.pid, 'SIGKILL');
		};

		for (let step = 0; kills < killsPerRun && step < 400; step += 1) {
			if (step % 3 === 0) send();
			await delay(100 + random() * 400);
			await strike();
		}
		await Promise.all(sends);
		expect(kills).toBe(killsPerRun);
		await recover(workspace);
		await until('no command is left', () => processesOf(workspace.home).length === 0);
		const harm = harmTo(workspace, acknowledged, innocents);
		note({faults: kills + stops, spawns: workspace.spawns().length, messages: acknowledged.length, ...harm});
		expect(harm).toEqual({lost: 0, doubled: 0, innocents: 0, left: 0, finishedAsFailed: 0});
		expectInvariants(workspace, acknowledged);
	},
);

/** Processes of others, some of which carry the marker of a spawn of another workspace. */
function startInnocents(): readonly ChildProcess[] {
	const others = [{RAID_SPAWN_ID: newId(), RAID_HOME: '/elsewhere/.raid'}, {RAID_SPAWN_ID: newId()}, {}];
	const innocents = others.map(env =>
		spawn('sleep', ['1000'], {env: {...process.env, ...env}, stdio: 'ignore'}),
	);
	onTestFinished(() => {
		for (const innocent of innocents) innocent.kill('SIGKILL');
	});
	return innocents;
}

function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch {
		// Gone by itself: as good.
	}
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
