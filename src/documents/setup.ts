import * as v from 'valibot';
import {numberOrNull, textOrNull} from './common.ts';
import {obstacleSchema} from './obstacle.ts';

/** `raid init`: `agents` are their identities. */
export const initSchema = v.strictObject({
	home: v.string(),
	isNew: v.boolean(),
	agents: v.array(v.string()),
	cannotRun: v.array(obstacleSchema),
});

/** One thing that a raid depends on. */
export const findingSchema = v.strictObject({
	subject: v.string(),
	level: v.picklist(['ok', 'warning', 'problem']),
	text: v.string(),
	help: textOrNull,
});

/** `raid doctor`. */
export const findingsSchema = v.strictObject({findings: v.array(findingSchema)});

/** How one agent answered when it was asked to, through the whole path. */
export const roundtripSchema = v.strictObject({
	agent: v.string(),
	provider: textOrNull,
	model: textOrNull,
	spawn: textOrNull,
	isOk: v.boolean(),
	latencyMs: numberOrNull,
	reason: textOrNull,
	denials: v.array(v.strictObject({text: v.string(), count: v.number()})),
});

/** `raid doctor --roundtrip`. */
export const roundtripsSchema = v.strictObject({channel: v.string(), roundtrips: v.array(roundtripSchema)});

/** `raid completion`. */
export const completionSchema = v.strictObject({shell: v.string(), script: v.string()});

/** `raid help`. */
export const helpSchema = v.strictObject({help: v.string()});
