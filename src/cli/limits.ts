import * as v from 'valibot';
import {UsageError} from '../errors.ts';
import {formatLeash, type Leash, leashRule, parseLeash} from '../model/leash.ts';
import type {Limits} from '../model/limits.ts';
import {type Milliseconds, minute, second} from '../model/time.ts';
import {durationSchema, sizeSchema} from '../validate.ts';
import {nearest} from './suggest.ts';

/** A limit that can be changed while a raid runs, by its key in `config.json`. */
export interface SettableLimit {
	readonly key: string;
	readonly help: string;
	readonly name: keyof Limits;
	readonly read: (text: string) => number | Leash;
	readonly show: (limits: Limits) => string;
}

type LimitName = Exclude<keyof Limits, 'isGuarded' | 'leash'>;

/** Every limit that can be changed while a raid runs. */
export const settableLimits: readonly SettableLimit[] = [
	count('maxLive', 'spawns that run at once'),
	count('maxDepth', 'depth of the deepest spawn; a root has depth 0'),
	{
		key: 'leash',
		help: 'spawns that agents may trigger for one human message: a burst, and how it refills (16+6/h)',
		name: 'leash',
		read: readLeash,
		show: ({leash}) => formatLeash(leash),
	},
	count('breaker', 'failures in a row that open the breaker of a channel'),
	count('retries', 'how often a failure that can pass is tried again'),
	duration('stallAfter', 'stallAfterMs', 'silence after which a spawn counts as stalled'),
	duration('overdueAfter', 'overdueAfterMs', 'run time after which a spawn counts as overdue'),
	duration('killAfter', 'killAfterMs', 'silence after which a spawn is killed and tried again'),
	duration(
		'hangAfter',
		'hangAfterMs',
		'time after which a spawn that does nothing at all is killed and tried again',
	),
	size('maxOutput', 'maxOutputBytes', 'output of one attempt that ends it'),
	duration('keepLogs', 'keepLogsMs', 'age at which `raid prune` removes the logs of an ended spawn'),
	duration('graceful', 'gracefulMs', 'time between TERM and KILL'),
];

/** The changes that `KEY=VALUE` words ask for; null gives a limit back to `config.json`. Throws a UsageError. */
export function readLimits(words: readonly string[]): {readonly [K in keyof Limits]?: Limits[K] | null} {
	const changes = words.map(word => {
		const [key = '', value = ''] = word.split(/=(.*)/s);
		const limit = settableLimits.find(known => known.key === key);
		const keys = settableLimits.map(known => known.key);
		if (!word.includes('=') || value === '') {
			throw new UsageError(`"${word}" is not KEY=VALUE.`, `The keys are ${keys.join(', ')}.`);
		}
		if (limit === undefined)
			throw new UsageError(`"${key}" is not a limit.`, hintOf(nearest(key, keys), keys));
		return [limit.name, value === 'default' ? null : limit.read(value)];
	});
	return Object.fromEntries(changes);
}

function hintOf(meant: string | null, keys: readonly string[]): string {
	return meant === null ? `The limits are ${keys.join(', ')}.` : `Did you mean ${meant}?`;
}

function readLeash(text: string): Leash {
	const leash = parseLeash(text);
	if (leash === null) throw new UsageError(`leash is "${text}", but ${leashRule}.`);
	return leash;
}

const countSchema = v.pipe(v.string(), v.regex(/^\d+$/, 'must be a whole number'), v.transform(Number));

function count(key: LimitName, help: string): SettableLimit {
	return {
		key,
		help,
		name: key,
		read: text => valid(key, countSchema, text),
		show: limits => String(limits[key]),
	};
}

function duration(key: string, name: LimitName, help: string): SettableLimit {
	const show = (limits: Limits) => {
		const value = limits[name];
		return value === null ? 'never' : exactDuration(value);
	};
	return {key, help, name, read: text => valid(key, durationSchema, text), show};
}

function size(key: string, name: LimitName, help: string): SettableLimit {
	const show = (limits: Limits) => `${Number(limits[name]) / 2 ** 20}MiB`;
	return {key, help, name, read: text => valid(key, sizeSchema, text), show};
}

const units: readonly (readonly [unit: string, size: Milliseconds])[] = [
	['d', 24 * 60 * minute],
	['h', 60 * minute],
	['m', minute],
	['s', second],
];

/** A duration that `config.json` reads as the same one: `90s`, not the rounded `2m`. */
function exactDuration(duration: Milliseconds): string {
	const whole = units.find(([, size]) => duration > 0 && duration % size === 0);
	return whole === undefined ? `${duration}ms` : `${duration / whole[1]}${whole[0]}`;
}

function valid(key: string, schema: v.GenericSchema<string, number>, text: string): number {
	const result = v.safeParse(schema, text);
	if (result.success) return result.output;
	throw new UsageError(`${key} is "${text}", but ${result.issues[0].message}.`);
}
