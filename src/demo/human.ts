import {setTimeout as delay} from 'node:timers/promises';
import {perform} from '../actions.ts';
import {operatorIdentity} from '../model/agent.ts';
import {isLive} from '../model/spawn.ts';
import type {HumanStep, Scenario} from '../providers/scripted/scenario.ts';
import {readRaid} from '../snapshot.ts';
import type {World} from '../world.ts';

const pollMs = 100;

/** Plays the human's part of a scenario, to its end or until `signal` is given. */
export async function playHuman(
	world: World,
	scenario: Scenario,
	speed: number,
	signal: AbortSignal,
): Promise<void> {
	for (const step of scenario.human) {
		signal.throwIfAborted();
		await performStep(world, step, {channel: scenario.channel, speed, signal});
	}
}

interface Stage {
	readonly channel: string;
	readonly speed: number;
	readonly signal: AbortSignal;
}

async function performStep(world: World, step: HumanStep, {channel, speed, signal}: Stage): Promise<void> {
	if (step.wait !== undefined) await delay(step.wait / speed, undefined, {signal});
	if (step.send !== undefined)
		await perform({type: 'post', channel, text: step.send, as: operatorIdentity}, world);
	if (step.until !== undefined) {
		while (!isSo(world, step.until)) await delay(pollMs, undefined, {signal});
	}
	if (step.stop !== undefined) {
		const spawnIds = readRaid(world).spawns.filter(spawn => spawn.agent === step.stop && isLive(spawn));
		await perform({type: 'stop', spawnIds: spawnIds.map(spawn => spawn.id), isChain: false}, world);
	}
}

function isSo(world: World, {agent, is}: NonNullable<HumanStep['until']>): boolean {
	const spawn = readRaid(world).spawns.findLast(other => other.agent === agent);
	return spawn?.health === is || spawn?.status === is;
}
