import {parseArgs} from 'node:util';
import {execa} from 'execa';

// npm run test:faults -- [--seed N] [--runs N]
const {values} = parseArgs({options: {seed: {type: 'string'}, runs: {type: 'string', default: '10'}}});
const seed = values.seed ?? String(Math.floor(Math.random() * 1_000_000));
console.log(
	`seed ${seed}, ${values.runs} runs; replay: npm run test:faults -- --seed ${seed} --runs ${values.runs}`,
);
const {exitCode} = await execa('vitest', ['run', 'test/faults'], {
	preferLocal: true,
	stdio: 'inherit',
	reject: false,
	env: {FAULT_SEED: seed, FAULT_RUNS: values.runs},
});
process.exitCode = exitCode ?? 1;
