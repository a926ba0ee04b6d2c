import type {BenchCase} from '../case.ts';
import {besideLiveAgents} from '../live.ts';
import {spreadOf} from '../measure.ts';
import {close, openDashboard, watchLoad} from '../screens.ts';

const watchMs = 20_000;

/** A dashboard on twenty live spawns, which print a line a second. */
export const live: BenchCase = {
	name: 'live',
	summary: 'CPU of the dashboard on twenty live spawns',
	run: () =>
		besideLiveAgents(20, async raid => {
			const screen = await openDashboard(raid);
			const {cpu} = await watchLoad(screen, watchMs);
			await close(screen);
			const ours = spreadOf([cpu]);
			const goal = '≤ 3 % of a core';
			return [
				{
					case: 'dashboard, live',
					size: '20 live spawns',
					unit: '% CPU',
					ours,
					baseline: null,
					ratio: null,
					goal,
				},
			];
		}),
};
