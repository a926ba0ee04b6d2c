import {operatorIdentity, systemIdentity} from '../model/agent.ts';
import type {Raid} from '../model/raid.ts';
import type {Scenario} from './schema.ts';

/** How a raid came out, in the words of a scenario's `expect`. */
export type Result = Required<Omit<Scenario['expect'], 'spawnsAtMost' | 'spawnsAtLeast'>> & {
	readonly spawns: number;
};

/** How a raid came out, by all of its spawns and messages. */
export function resultOf(raid: Raid): Result {
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

/** In which points a raid did not end as the scenario says, each as a short text. Empty: all is as it says. */
export function differences(result: Result, expected: Scenario['expect']): readonly string[] {
	const {spawnsAtMost = Number.POSITIVE_INFINITY, spawnsAtLeast = 0, ...exact} = expected;
	const wrong = (Object.keys(exact) as (keyof typeof exact)[])
		.filter(key => exact[key] !== undefined && exact[key] !== result[key])
		.map(key => `${key}: ${result[key]} instead of ${exact[key]}`);
	if (result.spawns > spawnsAtMost) wrong.push(`spawns: ${result.spawns}, at most ${spawnsAtMost}`);
	if (result.spawns < spawnsAtLeast) wrong.push(`spawns: ${result.spawns}, at least ${spawnsAtLeast}`);
	return wrong;
}
