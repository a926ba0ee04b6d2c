import {existsSync} from 'node:fs';
import type {SpawnId} from '../model/spawn.ts';
import {heartbeatPath, spawnFolder} from './paths.ts';

/**
 * True for a spawn whose supervisors were all of a version without heartbeats and outboxes: its agent speaks by the newer
 * `raid` after an upgrade, and nobody takes what it says until its supervisor is replaced or its end is recorded.
 */
export function isOfOlderVersion(home: string, id: SpawnId): boolean {
	return existsSync(spawnFolder(home, id)) && !existsSync(heartbeatPath(home, id));
}
