import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {execa} from 'execa';
import {sumOf} from './tally.ts';

// npm run test:faults -- [--seed N] [--runs N]
const {values} = parseArgs({options: {seed: {type: 'string'}, runs: {type: 'string', default: '10'}}});
const seed = values.seed ?? String(Math.floor(Math.random() * 1_000_000));
console.log(
	`seed ${seed}, ${values.runs} runs; replay: npm run test:faults -- --seed ${seed} --runs ${values.runs}`,
);
const folder = mkdtempSync(join(tmpdir(), 'raid-faults-'));
const tally = join(folder, 'tally.jsonl');
writeFileSync(tally, '');
const {exitCode} = await execa('vitest', ['run', 'test/faults'], {
	preferLocal: true,
	stdio: 'inherit',
	reject: false,
	env: {FAULT_SEED: seed, FAULT_RUNS: values.runs, FAULT_TALLY: tally},
});
console.log(
	Object.entries(sumOf(tally))
		.map(([name, count]) => `${count} ${name}`)
		.join(' · '),
);
rmSync(folder, {recursive: true});
process.exitCode = exitCode ?? 1;
