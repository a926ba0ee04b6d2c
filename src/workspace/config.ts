import {resolve} from 'node:path';
import ms from 'ms';
import * as v from 'valibot';
import {RaidError, UsageError} from '../errors.ts';
import {readText} from '../files/text.ts';
import {formatLeash, leashRule, parseLeash} from '../model/leash.ts';
import {defaultLimits, type Limits} from '../model/limits.ts';
import {durationSchema, parseJson, sizeSchema} from '../validate.ts';

/** The content of a workspace's `config.json`. */
export interface Config {
	readonly limits: Limits;
	/** Directory that agents run in. */
	readonly cwd: string;
	/** The machine is kept awake while a spawn is live. */
	readonly keepAwake: boolean;
}

const count = (least: number) => {
	const rule = `must be a whole number of at least ${least}`;
	return v.pipe(v.number(rule), v.integer(rule), v.minValue(least, rule));
};

// At 0 every spawn would be killed at once.
const notAtOnce = 'must be longer than 0';
const deadline = v.pipe(durationSchema, v.minValue(1, notAtOnce));

const leash = v.pipe(
	v.union([v.number(), v.string()], leashRule),
	v.check(value => parseLeash(String(value)) !== null, leashRule),
	v.transform(value => parseLeash(String(value)) ?? defaultLimits.leash),
);

const defaultMaxOutput = '512MiB';

const configSchema = v.strictObject({
	maxLive: v.optional(count(1), defaultLimits.maxLive),
	maxDepth: v.optional(count(0), defaultLimits.maxDepth),
	retries: v.optional(count(0), defaultLimits.retries),
	stallAfter: v.optional(durationSchema, ms(defaultLimits.stallAfterMs)),
	overdueAfter: v.optional(durationSchema, ms(defaultLimits.overdueAfterMs)),
	killAfter: v.optional(v.nullable(deadline), null),
	hangAfter: v.optional(deadline, ms(defaultLimits.hangAfterMs)),
	maxOutput: v.optional(sizeSchema, defaultMaxOutput),
	keepLogs: v.optional(durationSchema, ms(defaultLimits.keepLogsMs)),
	graceful: v.optional(durationSchema, ms(defaultLimits.gracefulMs)),
	leash: v.optional(leash, formatLeash(defaultLimits.leash)),
	breaker: v.optional(count(1), defaultLimits.breaker),
	/** Written by the demo alone. */
	guards: v.optional(v.boolean('must be true or false'), true),
	cwd: v.optional(v.string('must be a path'), '..'),
	keepAwake: v.optional(v.boolean('must be true or false'), true),
});

const duration = v.pipe(v.number('must be a number of milliseconds'), v.minValue(0, 'must not be negative'));
const deadlineMs = v.pipe(duration, v.minValue(1, notAtOnce));

/** Limits that an operator changes while the raid runs; null gives one back to `config.json`. */
export const limitChangesSchema = v.strictObject({
	maxLive: v.exactOptional(v.nullable(count(1))),
	maxDepth: v.exactOptional(v.nullable(count(0))),
	retries: v.exactOptional(v.nullable(count(0))),
	stallAfterMs: v.exactOptional(v.nullable(duration)),
	overdueAfterMs: v.exactOptional(v.nullable(duration)),
	killAfterMs: v.exactOptional(v.nullable(deadlineMs)),
	hangAfterMs: v.exactOptional(v.nullable(deadlineMs)),
	maxOutputBytes: v.exactOptional(v.nullable(count(1))),
	keepLogsMs: v.exactOptional(v.nullable(duration)),
	gracefulMs: v.exactOptional(v.nullable(duration)),
	leash: v.exactOptional(v.nullable(v.strictObject({burst: count(0), perHour: count(0)}))),
	breaker: v.exactOptional(v.nullable(count(1))),
});

/** The limits that keep the rules: one row of the store that does not must not take the others away. */
export function soundLimits(limits: Partial<Limits>): Partial<Limits> {
	const rules = limitChangesSchema.entries;
	const isSound = ([name, value]: readonly [string, unknown]) =>
		name in rules && value !== null && v.is(rules[name as keyof typeof rules], value);
	return Object.fromEntries(Object.entries(limits).filter(isSound));
}

/** The text of a `config.json` with all defaults. */
export const defaultConfigText = `${JSON.stringify(
	{
		maxLive: defaultLimits.maxLive,
		maxDepth: defaultLimits.maxDepth,
		retries: defaultLimits.retries,
		stallAfter: ms(defaultLimits.stallAfterMs),
		overdueAfter: ms(defaultLimits.overdueAfterMs),
		killAfter: null,
		hangAfter: ms(defaultLimits.hangAfterMs),
		maxOutput: defaultMaxOutput,
		keepLogs: ms(defaultLimits.keepLogsMs),
		graceful: ms(defaultLimits.gracefulMs),
		leash: formatLeash(defaultLimits.leash),
		breaker: defaultLimits.breaker,
	},
	null,
	'\t',
)}\n`;

/** A configuration that can always be used. */
export interface UsableConfig {
	readonly config: Config;
	/** Why it is the defaults, and not what the file says: then nothing is launched. Null when the file can be used. */
	readonly error: RaidError | null;
}

/** The configuration of the workspace at `home`; all defaults, with the reason, when its file cannot be used. */
export function readUsableConfig(home: string): UsableConfig {
	try {
		return {config: readConfig(home), error: null};
	} catch (error) {
		return {config: configOf(home, v.parse(configSchema, {})), error: asRaidError(error, home)};
	}
}

function asRaidError(error: unknown, home: string): RaidError {
	if (error instanceof RaidError) return error;
	const reason = error instanceof Error ? error.message : String(error);
	return new UsageError(`${resolve(home, 'config.json')} cannot be read (${reason}).`);
}

/** The configuration of the workspace at `home`; defaults where the file, or a key, is missing. Throws a UsageError. */
export function readConfig(home: string): Config {
	const path = resolve(home, 'config.json');
	return configOf(home, parseJson(configSchema, readText(path) ?? '{}', path));
}

function configOf(home: string, config: v.InferOutput<typeof configSchema>): Config {
	const {maxLive, maxDepth, retries, leash, breaker} = config;
	return {
		limits: {
			maxLive,
			maxDepth,
			retries,
			leash,
			breaker,
			stallAfterMs: config.stallAfter,
			overdueAfterMs: config.overdueAfter,
			killAfterMs: config.killAfter,
			hangAfterMs: config.hangAfter,
			maxOutputBytes: config.maxOutput,
			keepLogsMs: config.keepLogs,
			gracefulMs: config.graceful,
			isGuarded: config.guards,
		},
		cwd: resolve(home, config.cwd),
		keepAwake: config.keepAwake,
	};
}
