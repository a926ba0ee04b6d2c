import {operatorIdentity, systemIdentity} from '../model/agent.ts';
import type {Raid} from '../model/raid.ts';
import type {Scenario} from '../providers/scripted/scenario.ts';

/** How a raid came out, in the words of a scenario's `expect`. */
export type Result = Required<Scenario['expect']>;

/** How a raid came out, by all of its spawns and messages. */
export function resultOf(raid: Raid): Result {
	const isAgent = (from: string) => from !== operatorIdentity && from !== systemIdentity;
	const calls = raid.messages.flatMap(({from, mentions}) => (isAgent(from) ? mentions : []));
	return {
		completed: raid.totals.completed,
		failed: raid.totals.failed + raid.totals.timeout,
		killed: raid.totals.killed,
		deepest: Math.max(-1, ...raid.spawns.map(spawn => spawn.depth)),
		called: calls.filter(({outcome}) => outcome === 'called').length,
	};
}

/** In which points a raid did not end as the scenario says, each as a short text. Empty: all is as it says. */
export function differences(result: Result, expected: Scenario['expect']): readonly string[] {
	return (Object.keys(result) as (keyof Result)[])
		.filter(key => expected[key] !== undefined && expected[key] !== result[key])
		.map(key => `${key}: ${result[key]} instead of ${expected[key]}`);
}
