import {setTimeout as delay} from 'node:timers/promises';
import {postMessage} from '../../src/bridge/post.ts';
import {readProcess} from '../../src/process/table.ts';
import type {BenchCase} from '../case.ts';
import {type Measurement, spreadOf} from '../measure.ts';
import {makeRaid, playSpawn} from '../raids.ts';
import {close, openDashboard, timeToCells} from '../screens.ts';

const seconds = 60;
const perSecond = {messages: 200, spawns: 50};
const stepsPerSecond = 10;

/** A minute of 200 messages and 50 spawns a second, watched by a dashboard. */
export const storm: BenchCase = {
	name: 'storm',
	summary: '200 messages and 50 spawns a second for a minute: frames, backlog, CPU, nothing lost',
	async run() {
		const raid = makeRaid({spawns: 0, messages: 0}, {leash: 1_000_000});
		const {workspace} = raid;
		const screen = await openDashboard(raid);
		let frames = 0;
		const stop = screen.onDrawn(() => {
			frames += 1;
		});
		const cpuBefore = readProcess(screen.pid)?.cpuMs ?? 0;
		const start = performance.now();
		let posted = 0;
		for (let step = 0; step < seconds * stepsPerSecond; step += 1) {
			for (let count = 0; count < perSecond.spawns / stepsPerSecond; count += 1) {
				playSpawn(workspace, step, 0);
				posted += 1;
			}
			for (let count = 0; count < (perSecond.messages - perSecond.spawns) / stepsPerSecond; count += 1) {
				const text = `message ${posted}`;
				postMessage(workspace, {channel: 'general', from: 'human', spawnId: null, text, claim: null});
				posted += 1;
			}
			await delay(Math.max(0, start + ((step + 1) * 1000) / stepsPerSecond - performance.now()));
		}
		const passed = performance.now() - start;
		const cpu = (100 * ((readProcess(screen.pid)?.cpuMs ?? 0) - cpuBefore)) / passed;
		stop();
		const post = {channel: 'general', from: 'human', spawnId: null, text: 'the last word', claim: null};
		const backlog = await timeToCells(
			screen,
			() => postMessage(workspace, post),
			lines => lines.some(line => line.includes('the last word')),
		);
		await close(screen);
		const stored = workspace.store.prepare('SELECT count(*) FROM messages').pluck().get() as number;
		raid.remove();
		const common = {
			size: `${posted} messages in ${(passed / 1000).toFixed(0)} s`,
			baseline: null,
			ratio: null,
		};
		const measurement = (name: string, unit: Measurement['unit'], value: number, goal: string | null) => ({
			case: `storm: ${name}`,
			unit,
			ours: spreadOf([value]),
			goal,
			...common,
		});
		return [
			measurement('frames a second', 'count', (1000 * frames) / passed, null),
			measurement('last word → cells', 'ms', backlog, null),
			measurement('dashboard', '% CPU', cpu, null),
			measurement('messages lost', 'count', posted + 1 - stored, '0'),
		];
	},
};
