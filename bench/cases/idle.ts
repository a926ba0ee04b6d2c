import {type BenchCase, sizes} from '../case.ts';
import {type Measurement, spreadOf} from '../measure.ts';
import {nameOf} from '../raids.ts';
import {close, openDashboard, watchLoad} from '../screens.ts';

const watchMs = 20_000;

/** A dashboard while nothing is live and nobody presses a key. */
export const idle: BenchCase = {
	name: 'idle',
	summary: 'CPU of the dashboard while nothing is live',
	async run({raidOf}) {
		const measurements: Measurement[] = [];
		for (const size of [sizes.empty, sizes.week]) {
			const screen = await openDashboard(raidOf(size));
			const {cpu} = await watchLoad(screen, watchMs);
			await close(screen);
			const ours = spreadOf([cpu]);
			const goal = '≤ 0.3 % of a core';
			measurements.push({
				case: 'dashboard, idle',
				size: nameOf(size),
				unit: '% CPU',
				ours,
				baseline: null,
				ratio: null,
				goal,
			});
		}
		return measurements;
	},
};
