import {existsSync} from 'node:fs';
import {announce} from '../bridge/post.ts';
import {nameOf} from '../model/spawn.ts';
import {type Milliseconds, second} from '../model/time.ts';
import {until} from '../process/until.ts';
import {holdSpawn, listStartable} from '../store/claims.ts';
import {writing} from '../store/open.ts';
import {findSpawn} from '../store/spawns.ts';
import {startConditions, type Workspace} from '../workspace/open.ts';
import {startWaiting} from './start.ts';

// An upgrade takes the files away for some seconds.
const upgradeMs: Milliseconds = 20 * second;

/**
 * Starts the spawns that wait for a slot, as far as there are slots. When raid or Node was removed from under this
 * process and does not come back within `withinMs`, they are held, and their channels say why.
 */
export async function startOrHold(workspace: Workspace, withinMs = upgradeMs): Promise<void> {
	if (await until(() => missingPart(workspace) === null, withinMs)) return startWaiting(workspace);
	const missing = missingPart(workspace);
	if (missing !== null) holdStartable(workspace, missing);
}

/** The file without which no supervisor can be started, if it is gone. */
function missingPart({cliPath}: Workspace): string | null {
	return [cliPath, process.execPath].find(path => !existsSync(path)) ?? null;
}

function holdStartable(workspace: Workspace, missing: string): void {
	const {store, now} = workspace;
	writing(store, () => {
		for (const id of listStartable(store, startConditions(workspace))) {
			const spawn = findSpawn(store, id);
			if (spawn === null || !holdSpawn(store, id, 'install', now())) continue;
			const text = `${nameOf(spawn)} cannot start, because ${missing} is gone. Install it, then: raid release`;
			console.error(`raid: ${text}`);
			announce(workspace, spawn.channel, text);
		}
	});
}
