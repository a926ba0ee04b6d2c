import type {Spawn} from './spawn.ts';
import type {Instant} from './time.ts';

/** True for a spawn that was asked for before everything was stopped, and that nobody has released since. */
export function isFromBeforeStop(
	{createdAt, releasedAt}: Pick<Spawn, 'createdAt' | 'releasedAt'>,
	stoppedAt: Instant | null,
): boolean {
	return stoppedAt !== null && Math.max(createdAt, releasedAt ?? 0) <= stoppedAt;
}
