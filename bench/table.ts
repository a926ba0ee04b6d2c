import type {Measurement, Spread} from './measure.ts';

/** The measurements as a Markdown table. */
export function tableOf(measurements: readonly Measurement[]): string {
	const header = ['case', 'at', 'ours: median (p95, p99)', 'baseline', 'ratio: median (least–most)', 'goal'];
	const rows = measurements.map(({case: name, size, unit, ours, baseline, ratio, goal}) => [
		name,
		size,
		`${slowest(ours)} ${unit}`,
		baseline === null ? '–' : `${baseline.name}: ${slowest(baseline.spread)} ${unit}`,
		ratio === null ? '–' : `${round(ratio.median)}× (${round(ratio.least)}–${round(ratio.most)})`,
		goal ?? '–',
	]);
	return [header, header.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

function slowest({median, p95, p99, count}: Spread): string {
	if (count < 2) return round(median);
	return `${round(median)} (${round(p95)}${count < 50 ? '' : `, ${round(p99)}`})`;
}

/** Three digits that mean something. */
function round(value: number): string {
	return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
