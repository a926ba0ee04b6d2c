import {StoreError} from '../errors.ts';
import type {ProcessIdentity} from '../model/spawn.ts';
import {type Milliseconds, second} from '../model/time.ts';
import {homeMarker, supervisorMarker} from '../process/markers.ts';
import {findMarked, isAlive, readEnvironment} from '../process/table.ts';
import {listOldSpawns, type OldSpawn} from '../store/old-store.ts';
import type {Store} from '../store/open.ts';

/** A raid of an older version still runs on the store, so that the store cannot be brought up to date yet. */
export class OldRaidError extends StoreError {
	/** The workspace's directory. */
	readonly home: string;

	constructor(home: string, supervisors: number) {
		const count = supervisors === 1 ? '1 spawn' : `${supervisors} spawns`;
		super(
			`An older raid still runs ${count} in ${home}. Nothing was changed or posted.`,
			'Wait until it has ended, or end it: raid stop --all',
		);
		this.home = home;
	}
}

/** Throws an OldRaidError while supervisors of an older version work on a store that is not migrated yet. */
export function requireNoOldRaid(store: Store, home: string): void {
	const {length} = listOldSupervisors(store, home);
	if (length > 0) throw new OldRaidError(home, length);
}

// A supervisor looks each second whether the quota of its parked spawn is back, and claims the spawn at once.
const claimWithinMs: Milliseconds = 5 * second;

/**
 * The living supervisors of an older version: those that are recorded with running spawns, and those that wait for the
 * quota of a parked spawn, which only their environment shows. Others have not claimed anything, and never will.
 */
function listOldSupervisors(store: Store, home: string): readonly ProcessIdentity[] {
	const spawns = listOldSpawns(store);
	const running = spawns.flatMap(({status, supervisor}) =>
		status === 'running' && supervisor !== null && isAlive(supervisor) ? [supervisor] : [],
	);
	const parked = spawns.filter(isParked);
	if (parked.length === 0) return running;
	const marked = findMarked(supervisorMarker);
	const waiting = parked.flatMap(({id}) =>
		(marked.get(id) ?? []).filter(({pid}) => readEnvironment(pid, homeMarker) === home),
	);
	return [...running, ...waiting];
}

function isParked({status, resumeAt}: OldSpawn): boolean {
	return status === 'pending' && resumeAt !== null && resumeAt > Date.now() - claimWithinMs;
}
