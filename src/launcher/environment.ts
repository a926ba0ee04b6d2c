import {delimiter} from 'node:path';
import type {Spawn} from '../model/spawn.ts';
import {spawnMarker, supervisorMarker} from '../process/markers.ts';
import type {Workspace} from '../workspace/open.ts';
import {shimFolder} from '../workspace/paths.ts';

/** The environment of a supervisor: the operator's own, without that of the spawn that may have started it. */
export function supervisorEnvironment(workspace: Workspace, spawnId: string): NodeJS.ProcessEnv {
	const {RAID_CHANNEL, RAID_SPAWN_ID, RAID_IDENTITY, ...env} = workspace.env;
	return {
		...env,
		PATH: pathWithout(shimFolder(workspace.home), env.PATH),
		RAID_HOME: workspace.home,
		[supervisorMarker]: spawnId,
	};
}

/** The environment of an agent's CLI: the operator's own, the agent's name and channel, and `raid` first on its PATH. */
export function agentEnvironment(
	workspace: Workspace,
	spawn: Spawn,
	extra: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
	const {[supervisorMarker]: _, ...env} = workspace.env;
	const shim = shimFolder(workspace.home);
	return {
		...env,
		...extra,
		PATH: [shim, pathWithout(shim, env.PATH)].join(delimiter),
		RAID_HOME: workspace.home,
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
