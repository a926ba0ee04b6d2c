import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {setTimeout as delay} from 'node:timers/promises';
import {readProcess} from '../../src/process/table.ts';
import {listLiveSpawns} from '../../src/store/spawns.ts';
import type {BenchCase} from '../case.ts';
import {besideLiveAgents} from '../live.ts';
import {type Measurement, spreadOf} from '../measure.ts';
import {memoryOf} from '../screens.ts';

const watchMs = 20_000;

/** A supervisor that follows its agent. */
export const supervisor: BenchCase = {
	name: 'supervisor',
	summary: 'memory and CPU of a supervisor, by a bare Node that waits',
	run: () =>
		besideLiveAgents(1, async ({workspace}) => {
			const pid = listLiveSpawns(workspace.store)[0]?.supervisor?.pid ?? 0;
			const bare = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)'], {
				stdio: ['ignore', 'pipe', 'inherit'],
			});
			await once(bare.stdout, 'data');
			const cpuOf = () => readProcess(pid)?.cpuMs ?? Number.NaN;
			const before = cpuOf();
			await delay(watchMs);
			const cpu = (100 * (cpuOf() - before)) / watchMs;
			const [ours, least] = [memoryOf(pid), memoryOf(bare.pid ?? 0)];
			bare.kill();
			const memory: Measurement = {
				case: 'supervisor, memory',
				size: '1 live spawn',
				unit: 'MiB',
				ours: spreadOf([ours]),
				baseline: {name: 'bare Node', spread: spreadOf([least])},
				ratio: spreadOf([ours / least]),
				goal: '≤ 1.4×',
			};
			const load: Measurement = {
				...memory,
				case: 'supervisor',
				unit: '% CPU',
				ours: spreadOf([cpu]),
				baseline: null,
				ratio: null,
				goal: '≈ 0',
			};
			return [memory, load];
		}),
};
