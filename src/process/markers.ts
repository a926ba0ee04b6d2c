/** Marks every process of a spawn: what an agent starts inherits it, wherever it hides. */
export const spawnMarker = 'RAID_SPAWN_ID';

/** Marks a supervisor, so that the kill of an agent never reaches the supervisors of others that it started. */
export const supervisorMarker = 'RAID_SUPERVISOR_OF';
