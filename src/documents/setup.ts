import * as v from 'valibot';
import {textOrNull} from './common.ts';
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

/** `raid completion`. */
export const completionSchema = v.strictObject({shell: v.string(), script: v.string()});

/** `raid help`. */
export const helpSchema = v.strictObject({help: v.string()});
