import * as v from 'valibot';
import type {HoldScope, Results} from '../model/action.ts';
import {formatLeash} from '../model/leash.ts';
import type {Limits} from '../model/limits.ts';
import {numberOrNull, textOrNull} from './common.ts';

const pids = v.array(v.number());

/** The effect of a stop on one spawn. */
export const stoppedSpawnSchema = v.strictObject({
	id: v.string(),
	agent: v.string(),
	hadEnded: v.boolean(),
	signalled: pids,
	survivors: pids,
	elsewhere: textOrNull,
	restartedAs: v.optional(pids),
});

/** `raid stop`. */
export const stoppedSchema = v.strictObject({
	stopped: v.array(stoppedSpawnSchema),
	problems: v.array(v.string()),
});

/** `raid retry`: the new spawn. */
export const retriedSchema = v.strictObject({spawn: v.string(), isQueued: v.boolean()});

/** `raid hold`: both null for all channels and agents. */
export const heldSchema = v.strictObject({channel: textOrNull, agent: textOrNull});

/** A spawn whose record was brought in line with its process. */
export const mendedSpawnSchema = v.strictObject({
	id: v.string(),
	agent: v.string(),
	recovery: v.picklist(['start', 'unclaim', 'adopt', 'orphan', 'end', 'suspend', 'hold']),
});

/** A spawn that had ended, and whose processes were ended now. */
export const straySchema = v.strictObject({
	id: v.string(),
	agent: v.string(),
	signalled: pids,
	survivors: pids,
});

/** `raid cleanup`. */
export const cleanedSchema = v.strictObject({
	mended: v.array(mendedSpawnSchema),
	strays: v.array(straySchema),
});

/** `raid prune`: the spawns whose logs were removed, or would be, and the space that they took. */
export const prunedSchema = v.strictObject({
	pruned: v.array(v.string()),
	bytes: v.number(),
	isDryRun: v.boolean(),
});

/** `raid backup`: the file, and its size in bytes. */
export const backedUpSchema = v.strictObject({path: v.string(), bytes: v.number()});
/** `raid cleanup --elsewhere`: the spawn whose record ended, and the one that answers what waited behind it. */
export const endedElsewhereSchema = v.strictObject({spawn: v.string(), followUp: textOrNull});

/** The limits of launching and of warnings. */
export const limitsSchema = v.strictObject({
	maxLive: v.number(),
	maxDepth: v.number(),
	leash: v.string(),
	breaker: v.number(),
	retries: v.number(),
	stallAfterMs: v.number(),
	overdueAfterMs: v.number(),
	killAfterMs: numberOrNull,
	hangAfterMs: v.number(),
	maxOutputBytes: v.number(),
	keepLogsMs: v.number(),
	gracefulMs: v.number(),
});

/** `raid limits`. */
export const shownLimitsSchema = v.strictObject({limits: limitsSchema});

/** The effect of a stop, as a document. */
export function stoppedDocument({
	spawns,
	problems = [],
}: Results['stop']): v.InferOutput<typeof stoppedSchema> {
	return {
		stopped: spawns.map(({id, agent, hadEnded, signalled, survivors, elsewhere = null, restartedAs}) => ({
			id,
			agent,
			hadEnded,
			signalled: [...signalled],
			survivors: [...survivors],
			elsewhere,
			...(restartedAs === undefined ? {} : {restartedAs: [...restartedAs]}),
		})),
		problems: [...problems],
	};
}

/** The scope of a hold, as a document. */
export function heldDocument(scope: HoldScope): v.InferOutput<typeof heldSchema> {
	return {
		channel: scope.type === 'channel' ? scope.channel : null,
		agent: scope.type === 'agent' ? scope.agent : null,
	};
}

/** The effect of a cleanup, as a document. */
export function cleanedDocument({mended, strays}: Results['clean-up']): v.InferOutput<typeof cleanedSchema> {
	return {
		mended: mended.map(({id, agent, recovery}) => ({id, agent, recovery})),
		strays: strays.map(({id, agent, signalled, survivors}) => ({
			id,
			agent,
			signalled: [...signalled],
			survivors: [...survivors],
		})),
	};
}

/** What was pruned, as a document. */
export function prunedDocument(
	{spawns, bytes}: Results['prune'],
	isDryRun: boolean,
): v.InferOutput<typeof prunedSchema> {
	return {pruned: [...spawns], bytes, isDryRun};
}

/** The limits as a document. */
export function limitsDocument(limits: Limits): v.InferOutput<typeof shownLimitsSchema> {
	const {maxLive, maxDepth, breaker, retries} = limits;
	const {stallAfterMs, overdueAfterMs, killAfterMs, hangAfterMs, gracefulMs} = limits;
	const {maxOutputBytes, keepLogsMs} = limits;
	const counts = {maxLive, maxDepth, leash: formatLeash(limits.leash), breaker, retries};
	const durations = {stallAfterMs, overdueAfterMs, killAfterMs, hangAfterMs, gracefulMs, keepLogsMs};
	return {limits: {...counts, ...durations, maxOutputBytes}};
}
