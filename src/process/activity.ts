import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';

/** What the main thread of a process does at this moment. */
export interface Activity {
	readonly inactivity: 'stopped' | 'blocked' | 'waiting' | 'busy' | 'unknown';
	/** The function of the kernel that it waits in; null where that is not known. */
	readonly place: string | null;
}

const unknown: Activity = {inactivity: 'unknown', place: null};

// Node waits for its next event in epoll, SQLite sleeps between two tries to get a lock.
const isWaiting = /epoll|ep_poll|nanosleep/;

/** What a process does at this moment; `unknown` also when it is gone. */
export function activityOf(pid: number): Activity {
	try {
		return process.platform === 'darwin' ? darwinActivity(pid) : linuxActivity(pid);
	} catch {
		return unknown;
	}
}

function linuxActivity(pid: number): Activity {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
	if (state === 'T' || state === 't') return {inactivity: 'stopped', place: null};
	if (state === 'R') return {inactivity: 'busy', place: null};
	const place = readFileSync(`/proc/${pid}/wchan`, 'utf8').trim();
	// `0` where the kernel does not say, as in some containers.
	if (place === '' || place === '0') return unknown;
	return isWaiting.test(place) ? {inactivity: 'waiting', place} : {inactivity: 'blocked', place};
}

function darwinActivity(pid: number): Activity {
	const state = execFileSync('/bin/ps', ['-o', 'stat=', '-p', String(pid)], {encoding: 'utf8'}).trim();
	return state.startsWith('T') ? {inactivity: 'stopped', place: null} : unknown;
}
