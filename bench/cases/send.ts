import {type BenchCase, sizes} from '../case.ts';
import type {Measurement} from '../measure.ts';
import {bareNode, timePairs} from '../pairs.ts';
import {cliPath, nameOf} from '../raids.ts';

const messages = [
	{name: 'raid send, no mention', text: () => 'nobody is mentioned', goal: '≤ 2×'},
	// Only the first one launches; the others are merged or queued, so that no agent runs beside the measurement.
	{name: 'raid send, one mention', text: () => '@hailot please', goal: '≤ 2.2×'},
] as const;

/** From the start of `raid send` to its end. */
export const send: BenchCase = {
	name: 'send',
	summary: '`raid send` without and with one mention, by bare Node',
	async run({raidOf}) {
		const measurements: Measurement[] = [];
		for (const size of [sizes.empty, sizes.week]) {
			const {directory, env} = raidOf(size);
			for (const {name, text, goal} of messages) {
				const command = () => ({args: [cliPath, 'send', 'general', text()], cwd: directory, env});
				const pairs = await timePairs(command, bareNode, 15);
				measurements.push({case: name, size: nameOf(size), unit: 'ms', goal, ...pairs});
			}
		}
		return measurements;
	},
};
