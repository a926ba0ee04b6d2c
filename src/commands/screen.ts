import {runDashboard} from '../../components/run.tsx';
import {type ExitCode, exitCodes} from '../errors.ts';
import {watchRaid} from '../feed.ts';
import type {Source} from '../source.ts';
import type {Context} from './command.ts';

/** Shows the dashboard until the operator quits, or the process is asked to end. */
export async function showDashboard(source: Source, {flags, terminal}: Context): Promise<ExitCode> {
	const isInterrupted = await runDashboard({
		hasColor: terminal.hasColor,
		watch: listener => watchRaid(source, flags.channel, listener),
		act: source.perform,
	});
	return isInterrupted ? exitCodes.interrupted : exitCodes.fine;
}
