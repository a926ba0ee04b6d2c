import * as v from 'valibot';
import {identityRule, isIdentity} from '../model/agent.ts';
import {durationSchema} from '../validate.ts';

const text = v.pipe(v.string('must be a text'), v.minLength(1, 'must not be empty'));
const on = v.literal(true, 'must be true');
const name = v.pipe(v.string(), v.check(isIdentity, `must be made of ${identityRule}`));
const whole = v.pipe(
	v.number('must be a number'),
	v.integer('must be a whole number'),
	v.minValue(0, 'must not be negative'),
);

/** The kinds of steps of an agent, each with its argument. */
const agentSteps = {
	/** Does nothing for this duration. */
	wait: durationSchema,
	/** Waits until this file exists in the directory that agents run in. */
	waitFor: text,
	/** Prints a text, as a talking agent does. */
	say: text,
	/** Prints a tool call. */
	tool: text,
	/** Posts a message with `raid send`, in a session of its own, as the tools of the real CLIs run. */
	send: text,
	/** The same with `--done`: the task is done. */
	done: text,
	/** The same with `--blocked`: the agent cannot continue without an answer. */
	blocked: text,
	/** Prints a line unchanged. */
	print: v.string('must be a text'),
	/** Reports the tokens used so far. */
	usage: v.strictObject({input: whole, output: whole}),
	/** Starts a child process, in a session of its own, that lives for this duration. */
	spawn: durationSchema,
	/** Ignores TERM from here on. */
	ignoreTerm: on,
	/** Prints nothing, and waits until it is killed. */
	hang: on,
	/** Exits with this code; 0 without a result is not a success. */
	exit: whole,
	/** Kills itself by a signal. */
	crash: on,
	/** Reports that the quota is used up for this duration, and exits. */
	quota: durationSchema,
};

/** The kinds of steps of the human, whose part the demo plays. */
const humanSteps = {
	wait: durationSchema,
	send: text,
	/** Waits until an agent's latest spawn has this state or status. */
	until: v.strictObject({agent: text, is: text}),
	/** Kills an agent's live spawns. */
	stop: text,
};

/** A list of steps, each with exactly one kind, and with the attempt it is for unless it is for all. */
function stepsOf<T extends Record<string, v.GenericSchema>>(kinds: T) {
	const names = Object.keys(kinds);
	const isOneStep = (step: object) => Object.keys(step).filter(key => key !== 'attempt').length === 1;
	const rule = `must have exactly one of the steps ${names.join(', ')}`;
	const entries = Object.fromEntries(names.map(name => [name, v.optional(kinds[name] as v.GenericSchema)]));
	const step = v.pipe(
		v.object({...entries, attempt: v.optional(whole)} as {
			[K in keyof T]: v.OptionalSchema<T[K], undefined>;
		} & {attempt: v.OptionalSchema<typeof whole, undefined>}),
	);
	const isKnown = (input: object) =>
		Object.keys(input).every(key => key === 'attempt' || names.includes(key));
	const checked = v.pipe(
		v.looseObject({}),
		v.check(input => isKnown(input) && isOneStep(input), rule),
		step,
	);
	return v.array(checked, 'must be a list of steps');
}

const expectation = v.strictObject({
	completed: v.optional(whole),
	failed: v.optional(whole, 0),
	killed: v.optional(whole, 0),
	deepest: v.optional(whole),
	called: v.optional(whole),
	/** Mentions that are held at the end. */
	held: v.optional(whole),
	spawnsAtMost: v.optional(whole),
	spawnsAtLeast: v.optional(whole),
});

/** A scenario: who takes part, what each does, and how the raid must end. docs/scenarios.md explains it. */
export const scenarioSchema = v.strictObject({
	title: text,
	channel: name,
	/** Keys of `config.json` for the demo's workspace; durations are divided by the speed. */
	config: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.null()])), {}),
	agents: v.record(
		name,
		v.strictObject({
			model: text,
			role: v.optional(text),
			/** The steps of the first spawn, of the second, and so on; the last list is used by all later spawns. */
			spawns: v.pipe(
				v.array(stepsOf(agentSteps)),
				v.minLength(1, 'must hold the steps of at least one spawn'),
			),
		}),
	),
	human: stepsOf(humanSteps),
	/** How many spawns end in each status, the depth of the deepest, and how often agents call a human. */
	expect: expectation,
	/** The same for a demo without guards, where it differs. */
	unguarded: v.optional(expectation),
	/** The duration within which the raid must end. Not divided by the speed. */
	limit: v.optional(durationSchema, '10m'),
	/** How much faster than written; the demo sets it. */
	speed: v.optional(v.pipe(v.number('must be a number'), v.gtValue(0, 'must be above 0')), 1),
});

export type Scenario = v.InferOutput<typeof scenarioSchema>;
export type AgentStep = Scenario['agents'][string]['spawns'][number][number];
export type HumanStep = Scenario['human'][number];
