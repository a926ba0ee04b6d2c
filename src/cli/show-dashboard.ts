import {runDashboard} from '../../components/run.tsx';
import type {Backend} from '../backend/backend.ts';
import {watchRaid} from '../backend/watch.ts';
import {type ExitCode, exitCodes} from '../errors.ts';
import {themeFor} from '../text/theme.ts';
import type {Context} from './command.ts';

/** Shows the dashboard until the operator quits, or the process is asked to end. */
export async function showDashboard(backend: Backend, {flags, terminal}: Context): Promise<ExitCode> {
	const isInterrupted = await runDashboard({
		theme: themeFor(terminal),
		channel: flags.channel ?? null,
		watch: (query, listener) => watchRaid(backend, query, listener),
		perform: backend.perform,
	});
	return isInterrupted ? exitCodes.interrupted : exitCodes.fine;
}
