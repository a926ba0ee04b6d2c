import * as v from 'valibot';
import {type Agent, permissionLevels} from '../model/agent.ts';
import type {SpawnState} from '../model/raid.ts';
import {isLive} from '../model/spawn.ts';
import {textOrNull} from './common.ts';
import {obstacleSchema} from './obstacle.ts';
import {usedDocument, usedSchema} from './usage.ts';

/** One agent; `live` counts its spawns that have not ended. */
export const agentSchema = v.strictObject({
	identity: v.string(),
	provider: textOrNull,
	model: textOrNull,
	role: textOrNull,
	permissions: v.nullable(v.picklist(permissionLevels)),
	allow: v.array(v.string()),
	args: v.array(v.string()),
	resume: v.boolean(),
	mayOperate: v.boolean(),
	command: v.nullable(v.array(v.string())),
	live: v.number(),
	spawns: v.number(),
	failures: v.number(),
	...usedSchema.entries,
});

type AgentDocument = v.InferOutput<typeof agentSchema>;

/** `raid agents`. */
export const agentsSchema = v.strictObject({
	agents: v.array(agentSchema),
	cannotRun: v.array(obstacleSchema),
});

/** `raid register`. */
export const registeredSchema = v.strictObject({agent: agentSchema});

/** An agent as a part of documents. */
export function agentDocument(agent: Agent, spawns: readonly SpawnState[]): AgentDocument {
	const {identity, provider, model, role, launch, failures} = agent;
	return {
		identity,
		provider,
		model,
		role,
		permissions: launch?.permissions ?? null,
		allow: [...(launch?.allow ?? [])],
		args: [...(launch?.args ?? [])],
		resume: launch?.isResuming ?? false,
		mayOperate: launch?.mayOperate ?? false,
		command: launch?.command == null ? null : [...launch.command],
		live: spawns.filter(spawn => spawn.agent === identity && isLive(spawn)).length,
		spawns: agent.spawns,
		failures,
		...usedDocument(agent),
	};
}
