import {openSync} from 'node:fs';
import {codeOf} from '../errors.ts';

/** Opens a file for reading; the descriptor, which the caller closes. Null when it is not there. */
export function openIfThere(path: string): number | null {
	try {
		return openSync(path, 'r');
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return null;
		throw error;
	}
}
