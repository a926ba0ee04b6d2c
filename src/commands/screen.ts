import {runDashboard} from '../../components/run.tsx';
import {perform} from '../actions.ts';
import {type ExitCode, exitCodes} from '../errors.ts';
import {watchRaid} from '../feed.ts';
import type {World} from '../world.ts';
import type {Context} from './command.ts';

/** Shows the dashboard until the operator quits, or the process is asked to end. */
export async function showDashboard(world: World, {flags, terminal}: Context): Promise<ExitCode> {
	const isInterrupted = await runDashboard({
		hasColor: terminal.hasColor,
		watch: listener => watchRaid(world, flags.channel, listener),
		act: action => perform(action, world),
	});
	return isInterrupted ? exitCodes.interrupted : exitCodes.fine;
}
