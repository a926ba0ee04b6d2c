import {mkdirSync} from 'node:fs';
import type {SpawnId} from '../model/spawn.ts';
import {answerFolder, outboxFolder} from '../workspace/paths.ts';

/** Makes the folder that a spawn speaks through, and the one in which it is answered. */
export function makeOutbox(home: string, id: SpawnId): void {
	for (const folder of [outboxFolder(home, id), answerFolder(home, id)]) {
		mkdirSync(folder, {recursive: true, mode: 0o700});
	}
}
