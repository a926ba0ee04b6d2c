import {setTimeout as delay} from 'node:timers/promises';
import type {Screen} from '../../test/helpers/screen.ts';
import {type BenchCase, sizes} from '../case.ts';
import {type Measurement, ratioOf, spreadOf} from '../measure.ts';
import {nameOf} from '../raids.ts';
import {close, openBareScreen, openDashboard, timeToCells} from '../screens.ts';

const rounds = 80;

/** From a key until the cells have changed. */
export const key: BenchCase = {
	name: 'key',
	summary: 'a key → cells, by a bare Ink screen of as many rows',
	async run({raidOf, bareScreen}) {
		const measurements: Measurement[] = [];
		for (const size of [sizes.evening, sizes.week]) {
			const raid = raidOf(size);
			const ours = await openDashboard(raid);
			const bare = await openBareScreen(bareScreen, raid);
			const times: {ours: number[]; bare: number[]} = {ours: [], bare: []};
			for (let round = 0; round < rounds; round += 1) {
				// Down and up again, so that the selection never rests at an end.
				const name = round % 2 === 0 ? 'k' : 'j';
				times.bare.push(await pressAndTime(bare, name));
				times.ours.push(await pressAndTime(ours, name));
			}
			await close(ours);
			await close(bare);
			measurements.push({
				case: 'key → cells',
				size: nameOf(size),
				unit: 'ms',
				ours: spreadOf(times.ours),
				baseline: {name: 'bare Ink', spread: spreadOf(times.bare)},
				ratio: ratioOf(times.ours, times.bare),
				goal: '≤ 1.5× bare p50, ≤ 1.1× its p95',
			});
		}
		return measurements;
	},
};

async function pressAndTime(screen: Screen, name: string): Promise<number> {
	const before = screen.lines().join('\n');
	const time = await timeToCells(
		screen,
		() => screen.press(name),
		lines => lines.join('\n') !== before,
	);
	await delay(60);
	return time;
}
