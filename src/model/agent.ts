import {isDamaged} from './damage.ts';
import type {Instant} from './time.ts';
import type {Used} from './usage.ts';

/** The system identity: it reports how spawns ended, and triggers nothing. */
export const systemIdentity = 'raid';

/** The operator's identity, unless `--as` says otherwise. */
export const operatorIdentity = 'human';

/** An identity that can be mentioned. A human is an identity with no model. */
export interface Agent extends Used {
	readonly identity: string;
	/** Null for a human. */
	readonly model: string | null;
	/** Name of the provider, null for a human. */
	readonly provider: string | null;
	readonly role: string | null;
	/** File of the standing instructions, relative to the workspace's home. */
	readonly constitution: string | null;
	/** How its CLI is run; null for a human. */
	readonly launch: LaunchOptions | null;
	readonly spawns: number;
	readonly failures: number;
	readonly createdAt: Instant;
	readonly archivedAt: Instant | null;
}

/**
 * The levels of what an agent's CLI may do without asking, because nobody is there to ask. `ask-nothing`: read, answer
 * and post. `edit`: also edit the project's files. `full`: everything that the operator may do.
 */
export const permissionLevels = ['ask-nothing', 'edit', 'full'] as const;

export type Permissions = (typeof permissionLevels)[number];

/** How the CLI of one agent is run. */
export interface LaunchOptions {
	readonly permissions: Permissions;
	/** Shell commands that it may run below `full`, where its CLI would refuse them: `isAllowable`. */
	readonly allow: readonly string[];
	/** Passed to the CLI unchanged, after our own arguments. */
	readonly args: readonly string[];
	/** A later spawn in the same channel continues the session of the one before. */
	readonly isResuming: boolean;
	/** Program and arguments of an agent that runs any executable; null when a provider knows the command line. */
	readonly command: readonly string[] | null;
	/** Paths of the values in the JSON lines that such an executable prints; null when each line is text. */
	readonly fields: Fields | null;
	/** Inside its spawns the agent may do what the operator may do with the raid, not only post. */
	readonly mayOperate: boolean;
}

/** The values that a JSON line of any executable may hold. */
export const fieldNames = ['session', 'text', 'tool', 'input', 'output', 'cost', 'error'] as const;

/** The path of each value, such as `usage.input_tokens`. */
export type Fields = Readonly<Partial<Record<(typeof fieldNames)[number], string>>>;

/** The launch options of an agent that was registered without any. */
export const defaultLaunch: LaunchOptions = {
	permissions: 'edit',
	allow: [],
	args: [],
	isResuming: false,
	command: null,
	fields: null,
	mayOperate: false,
};

/** What is damaged in the record of how an agent is launched; null when nothing is. */
export function damageOf({launch}: Pick<Agent, 'launch'>): string | null {
	return launch?.args.find(isDamaged) ?? null;
}

/** True for an identity that a mention calls. */
export function isHuman(agent: Agent | null): boolean {
	return (
		agent !== null && agent.model === null && agent.archivedAt === null && agent.identity !== systemIdentity
	);
}

/** True for an identity that a mention launches. */
export function isAgent(agent: Agent): boolean {
	return agent.model !== null && agent.archivedAt === null;
}

const identityPattern = /^[a-z0-9]+(?:[_-][a-z0-9]+)*$/;
const longestIdentity = 32;

/** True for a name that can be mentioned and is safe as a file name: small letters, digits, inner - and _. */
export function isIdentity(text: string): boolean {
	return text.length <= longestIdentity && identityPattern.test(text);
}

/** The rule for names of agents and channels, as error messages state it. */
export const identityRule = `small letters, digits, inner "-" and "_", at most ${longestIdentity}`;

const allowablePattern = /^(?!-)[\w./@+:-]+(?: [\w./@+:=-]+)*(?: \*)?$/;
const longestAllowable = 200;

/**
 * True for a command that each CLI's rules can express, and none misreads: words without quotes or signs of the shell.
 * A `*` at its end stands for any further arguments; without it the command is allowed as it is.
 */
export function isAllowable(command: string): boolean {
	return command.length <= longestAllowable && allowablePattern.test(command);
}

/** The rule for commands of `--allow`, as error messages state it. */
export const allowableRule = `words of letters, digits and . _ / @ + : = -, one blank between them, at most ${longestAllowable} characters; a last word * allows any further arguments`;
