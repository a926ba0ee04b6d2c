import {type BenchCase, sizes} from '../case.ts';
import {bareNode, timePairs} from '../pairs.ts';
import {cliPath} from '../raids.ts';

/** From the start of `raid --help` to its end. */
export const help: BenchCase = {
	name: 'help',
	summary: '`raid --help`, by bare Node',
	async run({raidOf}) {
		const {directory, env} = raidOf(sizes.empty);
		const pairs = await timePairs(() => ({args: [cliPath, '--help'], cwd: directory, env}), bareNode, 15);
		return [{case: 'raid --help', size: '–', unit: 'ms', goal: '≤ 1.5×', ...pairs}];
	},
};
