import {render} from 'ink';
import {Dashboard, type DashboardProps} from './Dashboard.tsx';

/** How to run the dashboard. */
export type DashboardOptions = Omit<DashboardProps, 'repaint'>;

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Shows the dashboard on the alternate screen until the operator quits, or a signal asks the process to end. True when
 * it was a signal. The terminal is restored on every way out; a failure to draw is thrown after that.
 */
export async function runDashboard(options: DashboardOptions): Promise<boolean> {
	let isInterrupted = false;
	const instance = render(<Dashboard {...options} repaint={() => instance.clear()} />, {
		alternateScreen: true,
		incrementalRendering: true,
		interactive: true,
		exitOnCtrlC: false,
		patchConsole: true,
	});
	const end = () => {
		isInterrupted = true;
		instance.unmount();
	};
	for (const signal of endings) process.on(signal, end);
	try {
		await instance.waitUntilExit();
	} finally {
		for (const signal of endings) process.off(signal, end);
	}
	return isInterrupted;
}
