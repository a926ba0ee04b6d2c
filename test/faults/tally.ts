import type {ChildProcess} from 'node:child_process';
import {appendFileSync, existsSync, readFileSync} from 'node:fs';
import type {Spawn} from '../../src/model/spawn.ts';
import {attemptFiles} from '../../src/workspace/paths.ts';
import {processesOf, type TestWorkspace} from '../helpers/workspace.ts';

/** What a run of faults did, and what came of it. */
export interface Tally {
	/** Signals sent to processes at random moments, and stops asked for. */
	readonly faults: number;
	readonly spawns: number;
	/** Messages that `send` said were posted. */
	readonly messages: number;
	readonly lost: number;
	readonly doubled: number;
	readonly innocents: number;
	readonly left: number;
	/** Agents that did all their work, exited with 0, and are recorded as failed. */
	readonly finishedAsFailed: number;
}

/** The harm that faults did: nothing of it may happen. */
export type Harm = Pick<Tally, 'lost' | 'doubled' | 'innocents' | 'left' | 'finishedAsFailed'>;

/**
 * Counts the harm that a run of faults did. `acknowledged`: messages whose `send` said that they were posted; `innocents`:
 * processes of others that must be alive still.
 */
export function harmTo(
	workspace: TestWorkspace,
	acknowledged: readonly string[],
	innocents: readonly ChildProcess[],
): Harm {
	const texts = workspace.messages().map(({text}) => text);
	const times = acknowledged.map(text => texts.filter(stored => stored === text).length);
	return {
		lost: times.filter(count => count === 0).length,
		doubled: times.filter(count => count > 1).length,
		innocents: innocents.filter(({exitCode, signalCode}) => exitCode !== null || signalCode !== null).length,
		left: processesOf(workspace.home).length,
		finishedAsFailed: workspace
			.spawns()
			.filter(spawn => spawn.status === 'failed' && hasFinished(workspace, spawn)).length,
	};
}

/** True for a spawn whose last attempt printed a good result and exited with 0. */
function hasFinished({home}: TestWorkspace, {id, attempt}: Spawn): boolean {
	const {output, exit} = attemptFiles(home, id, attempt);
	if (!existsSync(exit) || readFileSync(exit, 'utf8').trim() !== '0') return false;
	return /"type":"result","isSuccess":true/.test(readFileSync(output, 'utf8'));
}

const file = process.env.FAULT_TALLY;

/** Notes a run for the sum that `npm run test:faults` prints; nothing elsewhere. */
export function note(tally: Tally): void {
	if (file !== undefined) appendFileSync(file, `${JSON.stringify(tally)}\n`);
}

/** The sum of the runs that were noted in a file. */
export function sumOf(path: string): Tally & {readonly runs: number} {
	const runs = readFileSync(path, 'utf8')
		.split('\n')
		.filter(line => line !== '')
		.map(line => JSON.parse(line) as Tally);
	const sum = (key: keyof Tally) => runs.reduce((total, run) => total + run[key], 0);
	return {
		runs: runs.length,
		faults: sum('faults'),
		spawns: sum('spawns'),
		messages: sum('messages'),
		lost: sum('lost'),
		doubled: sum('doubled'),
		innocents: sum('innocents'),
		left: sum('left'),
		finishedAsFailed: sum('finishedAsFailed'),
	};
}
