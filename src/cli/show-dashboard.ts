import {runDashboard} from '../../components/run.tsx';
import type {Backend} from '../backend/backend.ts';
import {connectScreen} from '../backend/screen.ts';
import {type ExitCode, exitCodes} from '../errors.ts';
import type {Action, ResultOf} from '../model/action.ts';
import {themeFor} from '../text/theme.ts';
import type {Context} from './command.ts';

/**
 * Shows the dashboard until the operator quits, or the process is asked to end. `reopen` opens the raid again when its
 * database was replaced; null where that makes no sense.
 */
export async function showDashboard(
	backend: Backend,
	{flags, terminal}: Context,
	reopen: (() => Promise<Backend>) | null,
): Promise<ExitCode> {
	const closed = new AbortController();
	const screen = connectScreen(backend, reopen, closed.signal);
	// The messages that are on their way to the store.
	const sending = new Map<Action & {type: 'post'}, Promise<unknown>>();
	const perform = async <A extends Action>(action: A): Promise<ResultOf<A>> => {
		const performed = screen.perform(action);
		if (action.type !== 'post') return performed;
		sending.set(action, performed);
		return performed.finally(() => sending.delete(action));
	};
	try {
		const isInterrupted = await runDashboard({
			theme: themeFor(terminal),
			channel: flags.channel ?? null,
			watch: screen.watch,
			perform,
		});
		return isInterrupted ? exitCodes.interrupted : exitCodes.fine;
	} finally {
		const left = [...sending];
		closed.abort();
		for (const [{channel, text}, sent] of left) {
			await sent.catch(() => terminal.warn(`raid: this was not stored in #${channel}: ${text}`));
		}
	}
}
