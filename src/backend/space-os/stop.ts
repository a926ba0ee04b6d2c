import {exitCodes, RaidError, UsageError} from '../../errors.ts';
import type {StopReport} from '../../model/action.ts';
import {everySpawn} from '../../model/query.ts';
import type {SpawnState} from '../../model/raid.ts';
import {isLive} from '../../model/spawn.ts';
import {type Milliseconds, second} from '../../model/time.ts';
import {isAlive, type ProcessEntry} from '../../process/table.ts';
import {until} from '../../process/until.ts';
import type {Backend} from '../backend.ts';
import {runCommand} from './commands.ts';
import {findProcess, markedProcesses} from './processes.ts';

/** `spawn stop` sends TERM, and does not check whether the process ends. */
const endsWithin: Milliseconds = 6 * second;
/** A stopped spawn may run again within a fraction of a second after its process is gone. */
const restartsWithin: Milliseconds = 2 * second;

/** Stops one spawn by space-os's own `spawn stop`, and reports what its processes became. */
export async function stopSpawn(
	spawn: SpawnState,
	program: string,
	env: NodeJS.ProcessEnv,
	backend: Backend,
): Promise<StopReport> {
	const {id, agent} = spawn;
	const report = {id, agent, hadEnded: false, signalled: [], survivors: []};
	if (!isLive(spawn)) return {...report, hadEnded: true};
	if (spawn.status === 'pending') throw new UsageError('Not stopped: the spawn has no process yet.');
	const own = findProcess(spawn);
	// It signals the recorded PID, whichever process has it by now.
	if (own.entry === null) throw new UsageError(`Not stopped: ${own.evidence}.`, 'Try: spawn cleanup');
	const before = livingOf(id);
	const {exitCode, lastLine} = await runCommand(program, ['stop', id], env);
	if (exitCode !== 0) {
		throw new RaidError(`spawn stop ended with ${exitCode ?? 'no exit code'}. It said: ${lastLine}`, {
			exitCode: exitCodes.notFine,
		});
	}
	await until(() => !isAlive(own.entry), endsWithin);
	const restarted = () => newRuns(livingOf(id), before);
	await until(() => restarted().length > 0, restartsWithin);
	const left = livingOf(id);
	const now = backend.read(everySpawn).spawns.find(other => other.id === id);
	if (now?.status === 'running' && isAlive(own.entry)) {
		throw new RaidError(
			`spawn stop changed nothing: its record and PID ${own.entry.pid} still say running.`,
			{
				exitCode: exitCodes.notFine,
			},
		);
	}
	return {
		...report,
		signalled: [own.entry.pid],
		survivors: [...left.values()].filter(isAmong(before)).map(({pid}) => pid),
		restartedAs: newRuns(left, before),
	};
}

type Processes = ReadonlyMap<number, ProcessEntry>;

function isAmong(before: Processes): (entry: ProcessEntry) => boolean {
	return ({pid, started}) => before.get(pid)?.started === started;
}

/** The PIDs that are new, and not started by what was there before. */
function newRuns(left: Processes, before: Processes): readonly number[] {
	const isOld = isAmong(before);
	return [...left.values()].filter(entry => !isOld(entry) && !left.has(entry.parentPid)).map(({pid}) => pid);
}

/** The living processes of a spawn, by PID. */
function livingOf(id: string): Processes {
	return new Map((markedProcesses().get(id) ?? []).map(entry => [entry.pid, entry]));
}
