import {useApp} from 'ink';
import {useCallback, useEffect, useRef} from 'react';

/**
 * A function that suspends the dashboard as a shell expects of Ctrl-Z: the terminal is given back, the process stops,
 * and the screen is redrawn when it continues. The same happens on TSTP; after a STOP from outside it only redraws.
 */
export function useSuspend(): () => void {
	const {suspendTerminal} = useApp();
	const isSuspended = useRef(false);

	const suspend = useCallback(() => {
		if (isSuspended.current) return;
		isSuspended.current = true;
		suspendTerminal(async () => {
			const continues = new Promise(resolve => process.once('SIGCONT', resolve));
			// The whole job, as a terminal does: `npm start` waits in front of us.
			process.kill(0, 'SIGSTOP');
			await continues;
		}).finally(() => {
			isSuspended.current = false;
		});
	}, [suspendTerminal]);

	useEffect(() => {
		const redraw = () => {
			if (!isSuspended.current) void suspendTerminal(async () => {});
		};
		process.on('SIGTSTP', suspend);
		process.on('SIGCONT', redraw);
		return () => {
			process.off('SIGTSTP', suspend);
			process.off('SIGCONT', redraw);
		};
	}, [suspend, suspendTerminal]);
	return suspend;
}
