import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';

// What the operator has set up for a CLI is read where the CLI itself would look.

/** The home folder of the user that a CLI runs as. */
export function homeOf(env: NodeJS.ProcessEnv): string {
	return env.HOME ?? homedir();
}

/** The content of a file; empty when there is none, or it cannot be read. */
export function contentOf(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}
