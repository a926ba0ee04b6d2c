import {operatorIdentity, systemIdentity} from '../model/agent.ts';
import type {Raid} from '../model/raid.ts';
import type {Scenario} from './schema.ts';

/** How a raid ended, in the words of a scenario's `expect`. */
export type RaidEnding = Required<Omit<Scenario['expect'], 'spawnsAtMost' | 'spawnsAtLeast'>> & {
	readonly spawns: number;
};

/** How a raid ended, by all of its spawns and messages. */
export function endingOf(raid: Raid): RaidEnding {
	const isAgent = (from: string) => from !== operatorIdentity && from !== systemIdentity;
	const calls = raid.messages.flatMap(({from, mentions}) => (isAgent(from) ? mentions : []));
	return {
		spawns: raid.spawns.length,
		held: raid.held,
		completed: raid.totals.completed,
		failed: raid.totals.failed + raid.totals.timeout,
		killed: raid.totals.killed,
		deepest: Math.max(-1, ...raid.spawns.map(spawn => spawn.depth)),
		called: calls.filter(({outcome}) => outcome === 'called').length,
	};
}

/** The differences between a raid's end and the scenario's, each as a short text. Empty when there are none. */
export function differences(ending: RaidEnding, expected: Scenario['expect']): readonly string[] {
	const {spawnsAtMost = Number.POSITIVE_INFINITY, spawnsAtLeast = 0, ...exact} = expected;
	const wrong = (Object.keys(exact) as (keyof typeof exact)[])
		.filter(key => exact[key] !== undefined && exact[key] !== ending[key])
		.map(key => `${key}: ${ending[key]} instead of ${exact[key]}`);
	if (ending.spawns > spawnsAtMost) wrong.push(`spawns: ${ending.spawns}, at most ${spawnsAtMost}`);
	if (ending.spawns < spawnsAtLeast) wrong.push(`spawns: ${ending.spawns}, at least ${spawnsAtLeast}`);
	return wrong;
}
