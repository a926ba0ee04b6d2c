import * as v from 'valibot';
import type {SpawnState} from '../model/raid.ts';
import {type EndStatus, failureCauses} from '../model/spawn.ts';
import {isEnd, type State, states} from '../model/state.ts';
import {numberOrNull, textOrNull, time, timeOrNull, timestamp, timestampOrNull} from './common.ts';
import {tokensSchema, usedDocument, usedSchema} from './usage.ts';

const spawnStatuses = ['pending', 'running', 'completed', 'failed', 'timeout', 'killed'] as const;

/** True for a state that says more than how a spawn ended. */
const isTelling = (state: State): state is Exclude<State, EndStatus> => !isEnd(state);

/** One spawn, at one instant. */
export const spawnSchema = v.strictObject({
	id: v.string(),
	parent: textOrNull,
	depth: v.number(),
	agent: v.string(),
	provider: v.string(),
	model: textOrNull,
	role: textOrNull,
	channel: v.string(),
	status: v.picklist(spawnStatuses),
	state: v.picklist(states),
	health: v.nullable(v.picklist(states.filter(isTelling))),
	reason: textOrNull,
	pid: numberOrNull,
	attempt: v.number(),
	createdAt: timestamp,
	startedAt: timestampOrNull,
	endedAt: timestampOrNull,
	durationMs: v.number(),
	lastOutputAt: timestampOrNull,
	exitCode: numberOrNull,
	failure: textOrNull,
	cause: v.nullable(v.picklist(failureCauses)),
	openCall: v.nullable(v.strictObject({text: v.string(), since: timestamp})),
	lastCpuAt: timestampOrNull,
	denials: v.array(v.strictObject({text: v.string(), count: v.number()})),
	...usedSchema.entries,
	session: textOrNull,
	transcript: textOrNull,
	message: textOrNull,
});

type SpawnDocument = v.InferOutput<typeof spawnSchema>;

/** `raid spawns`. */
export const spawnsSchema = v.strictObject({spawns: v.array(spawnSchema)});

/** `raid chain`: `total` is what all of the spawns have used. */
export const chainSchema = v.strictObject({
	spawns: v.array(spawnSchema),
	total: v.strictObject({tokens: v.nullable(tokensSchema), costUsd: numberOrNull}),
});

/** A spawn as a part of documents. */
export function spawnDocument(spawn: SpawnState): SpawnDocument {
	const {openCall} = spawn;
	return {
		id: spawn.id,
		parent: spawn.parentId,
		depth: spawn.depth,
		agent: spawn.agent,
		provider: spawn.provider,
		model: spawn.model,
		role: spawn.role,
		channel: spawn.channel,
		status: spawn.status,
		state: spawn.state,
		health: isTelling(spawn.state) ? spawn.state : null,
		reason: spawn.reason,
		pid: spawn.process?.pid ?? null,
		attempt: spawn.attempt,
		createdAt: time(spawn.createdAt),
		startedAt: timeOrNull(spawn.startedAt),
		endedAt: timeOrNull(spawn.endedAt),
		durationMs: spawn.durationMs,
		lastOutputAt: timeOrNull(spawn.lastOutputAt),
		exitCode: spawn.exitCode,
		failure: spawn.failure,
		cause: spawn.cause,
		openCall: openCall === null ? null : {text: openCall.text, since: time(openCall.since)},
		lastCpuAt: timeOrNull(spawn.lastCpuAt),
		denials: spawn.denials.map(({text, count}) => ({text, count})),
		...usedDocument(spawn),
		session: spawn.sessionId,
		transcript: spawn.sessionFile,
		message: spawn.messageId,
	};
}
