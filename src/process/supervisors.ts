import {spawnMarker, supervisorMarker, supervisorTitle} from './markers.ts';
import {type ProcessEntry, readArguments, readEnvironment} from './table.ts';

/**
 * True for a supervisor. The variable alone is not a proof, because a child of an agent may set it as well: a supervisor
 * also runs as one, and carries no spawn's marker.
 */
export function isSupervisor({pid}: ProcessEntry): boolean {
	const id = readEnvironment(pid, supervisorMarker);
	if (id === null || readEnvironment(pid, spawnMarker) !== null) return false;
	const words = readArguments(pid);
	// It gives itself a title as soon as it runs.
	return (
		words.join(' ').trim() === supervisorTitle(id) || (words.at(-2) === 'supervise' && words.at(-1) === id)
	);
}
