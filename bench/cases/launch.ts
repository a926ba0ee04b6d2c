import {execFile} from 'node:child_process';
import {readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {listLiveSpawns} from '../../src/store/spawns.ts';
import {until} from '../../test/helpers/wait.ts';
import type {BenchCase} from '../case.ts';
import {spreadOf} from '../measure.ts';
import {addAgent, cliPath, makeRaid} from '../raids.ts';

const rounds = 12;

/** From the end of `raid send` until the program of the agent runs. */
export const launch: BenchCase = {
	name: 'launch',
	summary: '`raid send` has returned → the program of the provider runs',
	async run() {
		const raid = makeRaid({spawns: 0, messages: 0});
		const file = join(raid.directory, 'started');
		addAgent(raid.workspace, 'starter', ['sh', '-c', `date +%s%N > ${file}.new && mv ${file}.new ${file}`]);
		const times: number[] = [];
		try {
			for (let round = 0; round < rounds; round += 1) {
				rmSync(file, {force: true});
				const send = [cliPath, 'send', 'general', '@starter'];
				await promisify(execFile)(process.execPath, send, {cwd: raid.directory, env: raid.env});
				const returned = performance.timeOrigin + performance.now();
				const started = await until('the program runs', () => readIfThere(file));
				times.push(Number(BigInt(started) / 1000n) / 1000 - returned);
				await until('the spawn has ended', () => listLiveSpawns(raid.workspace.store).length === 0);
			}
		} finally {
			raid.remove();
		}
		const ours = spreadOf(times);
		return [
			{
				case: 'send returned → agent runs',
				size: 'empty',
				unit: 'ms',
				ours,
				baseline: null,
				ratio: null,
				goal: null,
			},
		];
	},
};

function readIfThere(path: string): string | null {
	try {
		return readFileSync(path, 'utf8').trim() || null;
	} catch {
		return null;
	}
}
