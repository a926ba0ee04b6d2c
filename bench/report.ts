import {writeFileSync} from 'node:fs';
import {cpus, release, totalmem, type} from 'node:os';
import {resolve} from 'node:path';
import type {Measurement} from './measure.ts';
import {tableOf} from './table.ts';

/** Writes the measurements of this machine to docs/benchmarks.md, in place of those of the run before. */
export function writeReport(measurements: readonly Measurement[]): void {
	const [cpu] = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	const lines = [
		'# Benchmarks',
		'',
		'Written by `npm run bench -- --write`. A ratio compares two programs that ran in turn, pair by pair; on another',
		'machine the times differ, and the ratios hardly.',
		'',
		`${new Date().toISOString().slice(0, 10)} · Node ${process.versions.node} · ${type()} ${release()} · ` +
			`${cpus().length} × ${cpu?.model.trim() ?? 'unknown'} · ${memory} GiB`,
		'',
		tableOf(measurements),
		'',
	];
	writeFileSync(resolve(import.meta.dirname, '../docs/benchmarks.md'), lines.join('\n'));
}
