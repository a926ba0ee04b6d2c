import {openSync} from 'node:fs';

/** Opens a file for reading; the descriptor, which the caller closes. Null when it is not there. */
export function openIfThere(path: string): number | null {
	try {
		return openSync(path, 'r');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
		throw error;
	}
}
