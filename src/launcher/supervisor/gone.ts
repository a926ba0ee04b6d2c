import {existsSync} from 'node:fs';
import {type Milliseconds, minute} from '../../model/time.ts';

const goneForMs: Milliseconds = minute;

/**
 * Returns what says, at each call, whether the store of a workspace has been missing for a minute. Then its supervisor
 * has nothing to record any more, and would try for ever. `clock` counts milliseconds.
 */
export function noticingLoss(
	path: string,
	clock: () => Milliseconds = () => performance.now(),
): () => boolean {
	let missingSince: Milliseconds | null = null;
	return () => {
		missingSince = existsSync(path) ? null : (missingSince ?? clock());
		return missingSince !== null && clock() - missingSince >= goneForMs;
	};
}
