import {join} from 'node:path';
import {openOrReplace} from '../files/make.ts';
import type {SpawnId} from '../model/spawn.ts';
import {listStartable} from '../store/claims.ts';
import {makeSpawnFolder} from '../workspace/folders.ts';
import {startConditions, type Workspace} from '../workspace/open.ts';
import {startDetached} from './detached.ts';
import {supervisorEnvironment} from './environment.ts';

// MiB. What a flood of output leaves for the collector then stays within 160 MiB instead of 300. By argv, because agents
// would inherit NODE_OPTIONS.
const heapLimit = '--max-semi-space-size=8';

/** Starts a detached supervisor for each spawn. A supervisor that is not needed ends by itself, because only one can claim a spawn. */
export async function startSupervisors(workspace: Workspace, spawnIds: readonly SpawnId[]): Promise<void> {
	// They would refuse, and what waits starts once the configuration is mended.
	if (workspace.configError !== null) return;
	for (const id of spawnIds) {
		const folder = makeSpawnFolder(workspace.home, id);
		const errors = openOrReplace(join(folder, 'supervisor.err.log'));
		const supervisor = await startDetached({
			program: process.execPath,
			args: [heapLimit, workspace.cliPath, 'supervise', id],
			cwd: workspace.home,
			env: supervisorEnvironment(workspace, id),
			files: [null, null, errors],
		});
		supervisor.leave();
	}
}

/** Starts the spawns that wait for a slot, as far as there are slots: a human's before an agent's, then oldest first. */
export async function startWaiting(workspace: Workspace): Promise<void> {
	await startSupervisors(workspace, listStartable(workspace.store, startConditions(workspace)));
}
