import {delimiter} from 'node:path';
import type {Spawn} from '../model/spawn.ts';
import {shimFolder} from '../workspace/paths.ts';
import type {World} from '../world.ts';

/** Marks every process of a spawn: what an agent starts inherits it, wherever it hides. */
export const spawnMarker = 'RAID_SPAWN_ID';

/** Marks a supervisor, so that the kill of an agent never reaches the supervisors of others that it started. */
export const supervisorMarker = 'RAID_SUPERVISOR_OF';

/** The environment of a supervisor: the operator's own, and nothing of the spawn that may have started it. */
export function supervisorEnvironment(world: World, spawnId: string): NodeJS.ProcessEnv {
	const {RAID_CHANNEL, RAID_SPAWN_ID, RAID_IDENTITY, ...env} = world.env;
	return {
		...env,
		PATH: pathWithout(shimFolder(world.home), env.PATH),
		RAID_HOME: world.home,
		[supervisorMarker]: spawnId,
	};
}

/** The environment of an agent's CLI: the operator's own, who it is, and `raid` first on its PATH. */
export function agentEnvironment(
	world: World,
	spawn: Spawn,
	extra: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
	const {[supervisorMarker]: _, ...env} = world.env;
	const shim = shimFolder(world.home);
	return {
		...env,
		...extra,
		PATH: [shim, pathWithout(shim, env.PATH)].join(delimiter),
		RAID_HOME: world.home,
		RAID_CHANNEL: spawn.channel,
		RAID_IDENTITY: spawn.agent,
		[spawnMarker]: spawn.id,
	};
}

function pathWithout(folder: string, path = ''): string {
	return path
		.split(delimiter)
		.filter(entry => entry !== folder)
		.join(delimiter);
}
