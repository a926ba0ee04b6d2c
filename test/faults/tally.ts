import {appendFileSync, readFileSync} from 'node:fs';

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
