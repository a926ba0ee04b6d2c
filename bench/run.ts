import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {bundleBareScreen} from './bundle.ts';
import type {Bench} from './case.ts';
import {cases} from './cases/index.ts';
import type {Measurement} from './measure.ts';
import {makeRaid, type Raid, type Size} from './raids.ts';
import {writeReport} from './report.ts';
import {tableOf} from './table.ts';

// npm run bench -- [CASE…] [--json] [--write]
const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {json: {type: 'boolean'}, write: {type: 'boolean'}},
});
const unknown = positionals.find(name => !cases.some(known => known.name === name));
if (unknown === undefined) await run();
else {
	console.error(
		`bench: "${unknown}" is not a case. The cases are ${cases.map(({name}) => name).join(', ')}.`,
	);
	process.exitCode = 2;
}

async function run(): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'raid-bench-'));
	const raids = new Map<Size, Raid>();
	const bench: Bench = {
		bareScreen: await bundleBareScreen(folder),
		raidOf(size) {
			const raid = raids.get(size) ?? makeRaid(size);
			raids.set(size, raid);
			return raid;
		},
	};
	const measurements: Measurement[] = [];
	try {
		for (const {name, summary, run: measure} of cases) {
			if (positionals.length > 0 && !positionals.includes(name)) continue;
			console.error(`${name}: ${summary}`);
			measurements.push(...(await measure(bench)));
		}
	} finally {
		for (const raid of raids.values()) raid.remove();
		rmSync(folder, {recursive: true, force: true});
	}
	console.log(values.json ? JSON.stringify({version: 1, measurements}, null, '\t') : tableOf(measurements));
	if (values.write) writeReport(measurements);
}
