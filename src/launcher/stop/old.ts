import {NotFoundError, UsageError} from '../../errors.ts';
import type {StopReport} from '../../model/action.ts';
import {operatorIdentity} from '../../model/agent.ts';
import {descendantsOf} from '../../model/chain.ts';
import {isLive} from '../../model/spawn.ts';
import {type Milliseconds, second} from '../../model/time.ts';
import {machineId} from '../../process/machine.ts';
import {signalProcess} from '../../process/signals.ts';
import {isAlive} from '../../process/table.ts';
import {until} from '../../process/until.ts';
import {endOldSpawn, listOldSpawns, markOldKilled, type OldSpawn} from '../../store/old-store.ts';
import {openUnmigrated, type Store} from '../../store/open.ts';
import {readUsableConfig} from '../../workspace/config.ts';
import {insideOf} from '../../workspace/inside.ts';
import {databasePath} from '../../workspace/paths.ts';
import {killProcesses, processesOf} from './kill.ts';

/** The spawns of an older raid that are to end: by the names that an operator gave, or all. */
export type OldTarget =
	| {readonly type: 'spawns' | 'chains'; readonly names: readonly string[]}
	| {readonly type: 'all'};

const supervisorWaitMs: Milliseconds = 3 * second;

/**
 * Ends spawns of a raid of an older version, in a store that is not migrated while that raid runs. As with a raid of our
 * own, all are marked first and their supervisors end them; where one does not, this process does it. Throws a UsageError
 * inside a spawn.
 */
export async function stopOldSpawns(
	home: string,
	target: OldTarget,
	env: NodeJS.ProcessEnv,
): Promise<readonly StopReport[]> {
	if (insideOf(home, env) !== null) throw new UsageError('Only the operator may do that.');
	const store = openUnmigrated(databasePath(home));
	store.function('raid_machine', () => machineId());
	try {
		const chosen = mark(store, target);
		return await Promise.all(chosen.map(spawn => stopOne(store, home, spawn)));
	} finally {
		store.close();
	}
}

function mark(store: Store, target: OldTarget): readonly OldSpawn[] {
	const spawns = listOldSpawns(store);
	const named =
		target.type === 'all' ? spawns.filter(isLive) : target.names.map(name => choose(spawns, name));
	const chain = target.type === 'chains' ? named.flatMap(({id}) => descendantsOf(spawns, id)) : [];
	const chosen = [...new Set([...named, ...chain.filter(isLive)])];
	const marks = {
		ended: chosen.filter(isLive).map(({id}) => id),
		tombstones: chain.map(({id}) => id),
		holdsQueued: target.type === 'all',
	};
	markOldKilled(store, marks, operatorIdentity, Date.now());
	return chosen;
}

function choose(spawns: readonly OldSpawn[], name: string): OldSpawn {
	const part = name.replace(/^#/, '');
	const found = spawns.filter(({id}) => id.startsWith(part) || id.endsWith(part));
	if (found.length === 1) return found[0] as OldSpawn;
	const message =
		found.length === 0
			? `No spawn id begins or ends with "${name}".`
			: `"${name}" matches ${found.length} spawns.`;
	throw new NotFoundError(message, 'To end all: raid stop --all');
}

async function stopOne(store: Store, home: string, spawn: OldSpawn): Promise<StopReport> {
	const {id, agent, supervisor} = spawn;
	if (!isLive(spawn)) return {id, agent, hadEnded: true, signalled: [], survivors: []};
	const {gracefulMs} = readUsableConfig(home).config.limits;
	const asked = processesOf(spawn).map(({pid}) => pid);
	const isOver = () => listOldSpawns(store).every(other => other.id !== id || !isLive(other));
	await until(() => isOver() || !isAlive(supervisor), gracefulMs + supervisorWaitMs);
	if (!isOver() && supervisor !== null) signalProcess(supervisor, 'SIGKILL');
	const {signalled, survivors} = await killProcesses(spawn, gracefulMs);
	endOldSpawn(store, id, 'running', 'killed', Date.now());
	return {id, agent, hadEnded: false, signalled: [...new Set([...asked, ...signalled])], survivors};
}
