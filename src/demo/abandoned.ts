import {lstatSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as v from 'valibot';
import {readText, replaceText} from '../files/text.ts';
import {endHome} from '../launcher/stop/end-home.ts';
import {second} from '../model/time.ts';
import {machineId, pidNamespace} from '../process/machine.ts';
import {isAlive, ownProcess} from '../process/table.ts';
import {homeName} from '../workspace/locate.ts';

/** The beginning of the name of each folder that a demo makes. */
export const demoPrefix = 'raid-demo-';

const ownerFile = 'owner.json';
// A supervisor may start another agent while the first ones end.
const ending = {gracefulMs: 0, endsSupervisors: true, quietMs: second, isSpared: () => false};

const ownerSchema = v.object({
	pid: v.number(),
	started: v.string(),
	machine: v.string(),
	namespace: v.nullable(v.string()),
});

/** Says in a demo's folder which process plays it, so that a later demo knows when nobody does any more. */
export function signDemo(folder: string): void {
	const owner = {...ownProcess(), machine: machineId(), namespace: pidNamespace()};
	replaceText(join(folder, ownerFile), JSON.stringify(owner));
}

/** Ends what runs for demos that were killed before they could clean up, and removes their folders. */
export async function removeAbandonedDemos(): Promise<void> {
	for (const folder of listFolders().filter(isAbandoned)) {
		await endHome(join(folder, homeName), ending);
		rmSync(folder, {recursive: true, force: true, maxRetries: 5});
	}
}

/** The folders of demos in the temporary folder of the system. Everybody may write there: only our own count. */
function listFolders(): readonly string[] {
	return readdirSync(tmpdir())
		.filter(name => name.startsWith(demoPrefix))
		.map(name => join(tmpdir(), name))
		.filter(path => {
			const stats = lstatSync(path, {throwIfNoEntry: false});
			return stats?.isDirectory() === true && stats.uid === process.getuid?.();
		});
}

/** True when the process that plays the demo is known to be dead. One of another machine or container is not. */
function isAbandoned(folder: string): boolean {
	try {
		const owner = v.parse(ownerSchema, JSON.parse(readText(join(folder, ownerFile)) ?? ''));
		return owner.machine === machineId() && owner.namespace === pidNamespace() && !isAlive(owner);
	} catch {
		return false;
	}
}
