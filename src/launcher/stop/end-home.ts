import type {StopReport} from '../../model/action.ts';
import type {SpawnId} from '../../model/spawn.ts';
import {type Milliseconds, second} from '../../model/time.ts';
import {pidNamespace} from '../../process/machine.ts';
import {signalGroup, signalProcess} from '../../process/signals.ts';
import {isAlive} from '../../process/table.ts';
import {until} from '../../process/until.ts';
import {type HomeProcess, leadersAmong, processesOfHome} from './home-processes.ts';
import {boundedGraceful} from './kill.ts';

const killWaitMs: Milliseconds = 5 * second;

/**
 * Asks the agents of a workspace to end; the processes that there were. Those of another PID namespace may belong to a
 * spawn elsewhere, which only the records can say.
 */
export function askHome(home: string): readonly HomeProcess[] {
	const here = pidNamespace();
	const agents = processesOfHome(home).agents.filter(({entry}) => pidNamespace(entry.pid) === here);
	for (const leader of leadersAmong(agents)) signalGroup(leader, 'SIGTERM');
	return agents;
}

/** How the processes of a workspace are ended. */
export interface EndingHome {
	/** Agents get that long to end by themselves. */
	readonly gracefulMs: Milliseconds;
	/** Supervisors end at once: they could not record anything, and might start an agent again. */
	readonly endsSupervisors: boolean;
	/** Processes are ended again and again until none has come for so long. */
	readonly quietMs: Milliseconds;
	/** True for a spawn that is left alone. */
	readonly isSpared: (spawn: SpawnId) => boolean;
}

/** Ends the processes of a workspace, which are found by their environment; what became of those of each spawn. */
export async function endHome(home: string, ending: EndingHome): Promise<readonly StopReport[]> {
	const gracefulMs = boundedGraceful(ending.gracefulMs);
	const beganAt = performance.now();
	const known = new Map<string, HomeProcess>();
	let isAsked = false;
	let busyAt = beganAt - ending.quietMs;
	const round = () => {
		const now = performance.now();
		for (const one of targetsOf(home, ending)) known.set(`${one.entry.pid} ${one.entry.started}`, one);
		const left = [...known.values()].filter(({entry}) => isAlive(entry));
		for (const {agent, entry} of left) {
			if (now - beganAt < gracefulMs && agent !== 'supervisor') continue;
			if (entry.pid === entry.groupId) signalGroup(entry, 'SIGKILL');
			signalProcess(entry, 'SIGKILL');
		}
		if (!isAsked) for (const leader of leadersAmong(left)) signalGroup(leader, 'SIGTERM');
		isAsked = true;
		if (left.length > 0) busyAt = now;
		return left.length === 0 && now - busyAt >= ending.quietMs;
	};
	await until(round, gracefulMs + killWaitMs + ending.quietMs);
	return reportsOf([...known.values()]);
}

function targetsOf(home: string, {endsSupervisors, isSpared}: EndingHome): readonly HomeProcess[] {
	const {agents, supervisors} = processesOfHome(home);
	return [...(endsSupervisors ? supervisors : []), ...agents.filter(({spawn}) => !isSpared(spawn))];
}

/** What became of the processes of each spawn. */
export function reportsOf(processes: readonly HomeProcess[]): readonly StopReport[] {
	return [...Map.groupBy(processes, ({spawn}) => spawn)].map(([id, own]) => ({
		id,
		agent: own.find(({agent}) => agent !== 'supervisor')?.agent ?? 'supervisor',
		hadEnded: false,
		signalled: own.map(({entry}) => entry.pid),
		survivors: own.filter(({entry}) => isAlive(entry)).map(({entry}) => entry.pid),
	}));
}
