import {type BenchCase, sizes} from '../case.ts';
import {besideLiveAgents} from '../live.ts';
import {type Measurement, spreadOf} from '../measure.ts';
import type {Raid} from '../raids.ts';
import {close, openDashboard, watchLoad} from '../screens.ts';

const watchMs = 15_000;

/** What a dashboard sends to the terminal. */
export const bytes: BenchCase = {
	name: 'bytes',
	summary: 'bytes from the dashboard to the terminal, idle and on twenty live spawns',
	run: async ({raidOf}) => [
		await bytesOf(raidOf(sizes.evening), 'nothing live', '≤ 0.3 KB/s'),
		await besideLiveAgents(20, raid => bytesOf(raid, '20 live spawns', '≤ 2 KB/s')),
	],
};

async function bytesOf(raid: Raid, size: string, goal: string): Promise<Measurement> {
	const screen = await openDashboard(raid);
	const load = await watchLoad(screen, watchMs);
	await close(screen);
	const ours = spreadOf([load.bytes]);
	return {case: 'bytes to the terminal', size, unit: 'KB/s', ours, baseline: null, ratio: null, goal};
}
