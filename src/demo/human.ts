import {setTimeout as delay} from 'node:timers/promises';
import type {Backend} from '../backend/backend.ts';
import {operatorIdentity} from '../model/agent.ts';
import {presentQuery} from '../model/query.ts';
import {isLive} from '../model/spawn.ts';
import type {HumanStep, Scenario} from '../scenario/schema.ts';

const pollMs = 100;

/** Plays the human's part of a scenario, to its end or until `signal` is aborted. */
export async function playHuman(
	backend: Backend,
	scenario: Scenario,
	speed: number,
	signal: AbortSignal,
): Promise<void> {
	for (const step of scenario.human) {
		signal.throwIfAborted();
		await performStep(backend, step, {channel: scenario.channel, speed, signal});
	}
}

interface StepOptions {
	readonly channel: string;
	readonly speed: number;
	readonly signal: AbortSignal;
}

async function performStep(
	backend: Backend,
	step: HumanStep,
	{channel, speed, signal}: StepOptions,
): Promise<void> {
	if (step.wait !== undefined) await delay(step.wait / speed, undefined, {signal});
	if (step.send !== undefined)
		await backend.perform({type: 'post', channel, text: step.send, as: operatorIdentity, claim: null});
	if (step.until !== undefined) {
		while (!isSo(backend, step.until)) await delay(pollMs, undefined, {signal});
	}
	if (step.stop !== undefined) {
		const {spawns: all} = backend.read(presentQuery);
		const spawns = all.filter(spawn => spawn.agent === step.stop && isLive(spawn));
		await backend.perform({type: 'stop', target: {type: 'spawns', ids: spawns.map(spawn => spawn.id)}});
	}
}

function isSo(backend: Backend, {agent, is}: NonNullable<HumanStep['until']>): boolean {
	const spawn = backend.read(presentQuery).spawns.findLast(other => other.agent === agent);
	return spawn?.state === is || spawn?.status === is;
}
