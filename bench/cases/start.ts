import type {BenchCase} from '../case.ts';
import {sizes} from '../case.ts';
import type {Measurement} from '../measure.ts';
import {bareNode, timePairs} from '../pairs.ts';
import {cliPath, nameOf} from '../raids.ts';

const rounds = 15;

/** From the start of a command to its end. */
export const start: BenchCase = {
	name: 'start',
	summary: '`raid --once` and `raid --once --json`, by bare Node',
	async run({raidOf}) {
		const measurements: Measurement[] = [];
		for (const size of [sizes.empty, sizes.week]) {
			const {directory, env} = raidOf(size);
			for (const args of [['--once'], ['--once', '--json']]) {
				const pairs = await timePairs(
					() => ({args: [cliPath, ...args], cwd: directory, env}),
					bareNode,
					rounds,
				);
				const goal = size === sizes.empty ? '≤ 1.8×' : '≤ 2×';
				measurements.push({case: `raid ${args.join(' ')}`, size: nameOf(size), unit: 'ms', goal, ...pairs});
			}
		}
		return measurements;
	},
};
