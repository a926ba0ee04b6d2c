import {join} from 'node:path';
import {isSpawnId, type SpawnId} from '../model/spawn.ts';

/** Files of one attempt, in the spawn's folder. */
export interface AttemptFiles {
	readonly output: string;
	readonly errors: string;
	/** The exit code of the CLI, written when it ended. */
	readonly exit: string;
}

/** Path of the database. */
export function databasePath(home: string): string {
	return join(home, 'raid.db');
}

/** Folder of a spawn: its prompt, and the output of its attempts. */
export function spawnFolder(home: string, id: SpawnId): string {
	return join(home, 'logs', nameOf(id));
}

/** The prompt that a spawn was given, whole. */
export function promptPath(home: string, id: SpawnId): string {
	return join(spawnFolder(home, id), 'prompt.md');
}

/** The standing instructions that a spawn was given by its CLI's own means; not there when they are in the prompt. */
export function constitutionPath(home: string, id: SpawnId): string {
	return join(spawnFolder(home, id), 'constitution.md');
}

/** Where the output of an attempt goes. */
export function attemptFiles(home: string, id: SpawnId, attempt: number): AttemptFiles {
	const folder = spawnFolder(home, id);
	return {
		output: join(folder, `${attempt}.out.jsonl`),
		errors: join(folder, `${attempt}.err.log`),
		exit: join(folder, `${attempt}.exit`),
	};
}

/** Where the supervisor of a spawn writes now and then that it moves. */
export function heartbeatPath(home: string, id: SpawnId): string {
	return join(spawnFolder(home, id), 'heartbeat');
}

/** The folder that stands first on a spawned agent's PATH, with the shim `raid` in it. */
export function shimFolder(home: string): string {
	return join(home, 'bin');
}

/** The folder in which a spawn puts what it says: the only one of `.raid/` that its tools may write. */
export function outboxFolder(home: string, id: SpawnId): string {
	return join(home, 'outbox', nameOf(id));
}

/** The folder in which a spawn's supervisor answers what the spawn put into its outbox. */
export function answerFolder(home: string, id: SpawnId): string {
	return join(home, 'answers', nameOf(id));
}

// A forged row of the store may hold any text as an id. Such a one never leads out of `.raid/`.
function nameOf(id: SpawnId): string {
	return isSpawnId(id) ? id : 'no-such-spawn';
}
