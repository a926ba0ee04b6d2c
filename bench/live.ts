import {execFileSync} from 'node:child_process';
import {listLiveSpawns} from '../src/store/spawns.ts';
import {until} from '../test/helpers/wait.ts';
import {addAgent, cliPath, makeRaid, type Raid} from './raids.ts';

const script = 'while :; do echo tick; sleep 1; done';

/** Runs something beside a raid of live agents, each of which prints a line a second; then ends them. */
export async function besideLiveAgents<T>(count: number, run: (raid: Raid) => Promise<T>): Promise<T> {
	const raid = makeRaid({spawns: 0, messages: 0}, {maxLive: count, graceful: '1s'});
	const names = Array.from({length: count}, (_, index) => `agent${index}`);
	for (const name of names) addAgent(raid.workspace, name, ['sh', '-c', script]);
	const command = (...args: readonly string[]) =>
		execFileSync(process.execPath, [cliPath, ...args], {cwd: raid.directory, env: raid.env});
	try {
		command('send', 'general', names.map(name => `@${name}`).join(' '));
		const isRunning = () =>
			listLiveSpawns(raid.workspace.store).filter(({process}) => process !== null).length;
		await until(`${count} agents run`, () => isRunning() === count);
		return await run(raid);
	} finally {
		command('stop', '--all');
		raid.remove();
	}
}
