import {beginningOf, type Call, type Concerns, type Failure, noConcerns} from '../../model/concern.ts';
import {isLive, type Spawn, type SpawnId} from '../../model/spawn.ts';
import type {Instant} from '../../model/time.ts';
import {namesIn} from './mentions.ts';
import {type SpaceSpawn, writersOf} from './records.ts';

/** A message of an agent that may call a human. */
export interface CallCandidate {
	readonly id: string;
	readonly channel: string;
	readonly from: string;
	readonly text: string;
	readonly at: Instant;
}

/**
 * Everything that needs a person, as far as space-os records it. `candidates` are the messages of agents that a human has
 * not followed in their channel; spawns are oldest first.
 */
export function concernsOf(
	candidates: readonly CallCandidate[],
	humans: readonly string[],
	spawns: readonly SpaceSpawn[],
): Concerns {
	const ends = spawns.filter(spawn => !isLive(spawn)).map(endOf);
	const lastEndAt = ends.length === 0 ? null : ends.reduce((last, at) => Math.max(last, at));
	return {
		...noConcerns,
		calls: callsOf(candidates, humans, spawns),
		failures: failuresOf(spawns),
		lastEndAt,
		lastRunAt: lastEndAt,
	};
}

function callsOf(
	candidates: readonly CallCandidate[],
	humans: readonly string[],
	spawns: readonly SpaceSpawn[],
): readonly Call[] {
	const calling = candidates.filter(({text}) => namesIn(text).some(name => humans.includes(name)));
	const writers = writersOf(calling, spawns);
	return calling.map(({id, channel, from, text, at}) => ({
		messageId: id,
		channel,
		agent: from,
		spawnId: writers.get(id)?.id ?? null,
		claim: null,
		text: beginningOf(text),
		at,
	}));
}

/** The failures since the last success of that agent in that channel. */
function failuresOf(spawns: readonly Spawn[]): readonly Failure[] {
	const open = new Map<SpawnId, Failure>();
	for (const spawn of spawns) {
		const {id, agent, channel, provider, failure, cause, status} = spawn;
		if (status === 'completed') {
			for (const [failed, entry] of open) {
				if (entry.agent !== agent) continue;
				if (entry.channel === channel) open.delete(failed);
				else open.set(failed, {...entry, isInARow: false});
			}
		}
		if (status !== 'failed' && status !== 'timeout') continue;
		open.set(id, {spawnId: id, agent, provider, channel, failure, cause, at: endOf(spawn), isInARow: true});
	}
	return [...open.values()].sort((a, b) => a.at - b.at);
}

function endOf({endedAt, attemptEndedAt, createdAt}: Spawn): Instant {
	return endedAt ?? attemptEndedAt ?? createdAt;
}
