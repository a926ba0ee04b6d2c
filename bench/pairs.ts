import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {type Measurement, ratioOf, spreadOf} from './measure.ts';

/** A command of Node's. */
export interface NodeCommand {
	readonly args: readonly string[];
	readonly cwd?: string;
	readonly env?: NodeJS.ProcessEnv;
}

/** Bare Node: what every program that it runs takes at least. */
export const bareNode: NodeCommand = {args: ['-e', '0']};

/** Runs two commands in turn, and measures each from its start to its end. */
export async function timePairs(
	ours: (round: number) => NodeCommand,
	baseline: NodeCommand,
	rounds: number,
): Promise<Pick<Measurement, 'ours' | 'ratio'> & {readonly baseline: NonNullable<Measurement['baseline']>}> {
	const times: {ours: number[]; bare: number[]} = {ours: [], bare: []};
	for (let round = -1; round < rounds; round += 1) {
		const bare = await timeOf(baseline);
		const own = await timeOf(ours(round));
		// The first pair warms up the caches.
		if (round < 0) continue;
		times.ours.push(own);
		times.bare.push(bare);
	}
	return {
		ours: spreadOf(times.ours),
		baseline: {name: 'bare Node', spread: spreadOf(times.bare)},
		ratio: ratioOf(times.ours, times.bare),
	};
}

/** How long a command takes, in milliseconds. Throws when it fails. */
async function timeOf({args, cwd, env}: NodeCommand): Promise<number> {
	const start = performance.now();
	const child = spawn(process.execPath, [...args], {
		...(cwd === undefined ? {} : {cwd}),
		...(env === undefined ? {} : {env}),
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	const [code] = await once(child, 'exit');
	if (code !== 0) throw new Error(`node ${args.join(' ')} exited with ${code}`);
	return performance.now() - start;
}
