import {setTimeout as delay} from 'node:timers/promises';
import {postMessage} from '../../src/bridge/post.ts';
import {type BenchCase, sizes} from '../case.ts';
import {type Measurement, spreadOf} from '../measure.ts';
import {nameOf} from '../raids.ts';
import {close, openDashboard, timeToCells} from '../screens.ts';

const rounds = 60;

/** From a commit by another process until its cells are on the terminal. */
export const latency: BenchCase = {
	name: 'latency',
	summary: 'a commit by another process → cells on the terminal',
	async run({raidOf}) {
		const measurements: Measurement[] = [];
		for (const size of [sizes.empty, sizes.evening, sizes.week]) {
			const raid = raidOf(size);
			const screen = await openDashboard(raid);
			const times: number[] = [];
			for (let round = 0; round < rounds; round += 1) {
				const word = `word-${size.spawns}-${round}-`;
				const post = {channel: 'general', from: 'human', spawnId: null, text: word, claim: null};
				const isThere = (lines: readonly string[]) => lines.some(line => line.includes(word));
				times.push(await timeToCells(screen, () => postMessage(raid.workspace, post), isThere));
				// Not in step with anything that ticks.
				await delay(120 + 37 * (round % 7));
			}
			await close(screen);
			const ours = spreadOf(times);
			const goal = '≤ 25 ms, p99 ≤ 60 ms';
			measurements.push({
				case: 'commit → cells',
				size: nameOf(size),
				unit: 'ms',
				ours,
				baseline: null,
				ratio: null,
				goal,
			});
		}
		return measurements;
	},
};
