import {setTimeout as delay} from 'node:timers/promises';
import {type BenchCase, sizes} from '../case.ts';
import {type Measurement, spreadOf} from '../measure.ts';
import {nameOf} from '../raids.ts';
import {close, memoryOf, openBareScreen, openDashboard} from '../screens.ts';

/** The memory of a dashboard that was used a little. */
export const memory: BenchCase = {
	name: 'memory',
	summary: 'resident memory of the dashboard, by a bare Ink screen of as many rows',
	async run({raidOf, bareScreen}) {
		const measurements: Measurement[] = [];
		for (const size of [sizes.empty, sizes.evening, sizes.week]) {
			const raid = raidOf(size);
			const ours = await openDashboard(raid);
			const bare = await openBareScreen(bareScreen, raid);
			for (let press = 0; press < 60; press += 1) {
				for (const screen of [ours, bare]) screen.press(press % 2 === 0 ? 'k' : 'j');
				await delay(60);
			}
			await delay(3000);
			const used = [memoryOf(ours.pid), memoryOf(bare.pid)] as const;
			await close(ours);
			await close(bare);
			measurements.push({
				case: 'dashboard, memory',
				size: nameOf(size),
				unit: 'MiB',
				ours: spreadOf([used[0]]),
				baseline: {name: 'bare Ink', spread: spreadOf([used[1]])},
				ratio: spreadOf([used[0] / used[1]]),
				goal: '≤ 1.2×',
			});
		}
		return measurements;
	},
};
