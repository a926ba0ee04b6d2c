/** The environment variable that marks every process of a spawn; everything that an agent starts inherits it. */
export const spawnMarker = 'RAID_SPAWN_ID';

/** The environment variable that marks a supervisor, so that killing an agent spares the supervisors that it started. */
export const supervisorMarker = 'RAID_SUPERVISOR_OF';

/** The environment variable that names the workspace of a process. */
export const homeMarker = 'RAID_HOME';

/** The title of a supervisor in the process table. */
export function supervisorTitle(spawnId: string): string {
	return `raid supervise ${spawnId.slice(-4)}`;
}
