import {codeOf} from '../errors.ts';
import {isAlive} from './table.ts';

/** Signals one process if PID and start time still match. False when it is gone. */
export function signalProcess(
	identity: {readonly pid: number; readonly started: string},
	signal: NodeJS.Signals,
): boolean {
	return isAlive(identity) && send(identity.pid, signal);
}

/** Signals the group that a process leads, if the leader's PID and start time still match. False when it is gone. */
export function signalGroup(
	leader: {readonly pid: number; readonly started: string},
	signal: NodeJS.Signals,
): boolean {
	return isAlive(leader) && send(-leader.pid, signal);
}

function send(target: number, signal: NodeJS.Signals): boolean {
	try {
		return process.kill(target, signal);
	} catch (error) {
		const code = codeOf(error);
		if (code === 'ESRCH' || code === 'EPERM') return false;
		throw error;
	}
}
