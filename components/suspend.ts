import {useApp} from 'ink';
import {useEffect, useRef} from 'react';

/**
 * A function that suspends the dashboard as a shell expects of Ctrl-Z: the terminal is given back, the process stops,
 * and the screen is painted anew when it goes on. Also does so for TSTP, and repaints after a STOP from outside.
 */
export function useSuspend(): () => void {
	const {suspendTerminal} = useApp();
	const isSuspended = useRef(false);

	const suspend = () => {
		if (isSuspended.current) return;
		isSuspended.current = true;
		suspendTerminal(async () => {
			const goesOn = new Promise(resolve => process.once('SIGCONT', resolve));
			// The whole job, as a terminal does: `npm start` waits in front of us.
			process.kill(0, 'SIGSTOP');
			await goesOn;
		}).finally(() => {
			isSuspended.current = false;
		});
	};

	useEffect(() => {
		const repaint = () => {
			if (!isSuspended.current) void suspendTerminal(async () => {});
		};
		process.on('SIGTSTP', suspend);
		process.on('SIGCONT', repaint);
		return () => {
			process.off('SIGTSTP', suspend);
			process.off('SIGCONT', repaint);
		};
	});
	return suspend;
}
