import type {Fields, LaunchOptions} from '../model/agent.ts';
import type {ProviderEvent} from '../model/attempt.ts';
import type {Instant} from '../model/time.ts';

/** What a provider is asked to run. */
export interface Request {
	/** The model as registered; `default` leaves the choice to the CLI. */
	readonly model: string;
	readonly launch: LaunchOptions;
	/** The agent's standing instructions, where the CLI takes them by its own means; null: they are in the prompt. */
	readonly constitution: {readonly path: string; readonly text: string} | null;
	/** File of the prompt. */
	readonly promptFile: string;
	/** Directory that the agent works in. */
	readonly cwd: string;
	/** Directory of raid's own records: the agent's `raid send` must be able to write there. */
	readonly home: string;
	/** The session to go on with; null: a new one. */
	readonly session: string | null;
	/** How many spawns this agent has had, this one counted. */
	readonly ordinal: number;
	/** 1 for the first try. */
	readonly attempt: number;
	/** The Node and the folder of bundled programs of this very install. */
	readonly runtime: string;
	readonly install: string;
}

/** How to start the CLI. */
export interface Invocation {
	readonly program: string;
	readonly args: readonly string[];
	/** Added to the environment of the agent. */
	readonly env: Readonly<Record<string, string>>;
	/**
	 * What is on standard input: the prompt, as a file that ends, or nothing. Never a pipe that stays open, which hangs
	 * some CLIs for ever.
	 */
	readonly stdin: 'prompt' | 'nothing';
}

/** Where a line comes from: one of the two streams of a CLI, or the session file that it keeps. */
export type Output = 'output' | 'errors' | 'session';

/** Where a line comes from. */
export interface Origin {
	readonly output: Output;
	/** Of an agent that runs any executable. */
	readonly fields: Fields | null;
	/** When it is read: some CLIs tell of a time by how far away it is. */
	readonly now: Instant;
}

/** Where a CLI keeps a session: the file below `folder`, at any depth, whose name ends so. */
export interface SessionFilePattern {
	readonly folder: string;
	readonly ending: string;
}

/** How to look at a CLI before it is needed, without a paid call. */
export interface Checkup {
	readonly program: string;
	/** The version that the adapter was run against. */
	readonly verifiedVersion: string;
	/** Arguments that make the CLI tell of its login; null: it has no such command. */
	readonly loginArgs: readonly string[] | null;
	/** What is known of the login, by that command's answer and by the environment. */
	login(answer: LoginAnswer | null, env: NodeJS.ProcessEnv): LoginState;
}

/** What the CLI's own command for its login printed. */
export interface LoginAnswer {
	readonly exitCode: number | null;
	readonly text: string;
}

/** Whether a login is there; whether it is still accepted, only a paid call tells. */
export interface LoginState {
	readonly isThere: boolean | null;
	/** Which login, or how to get one. */
	readonly text: string;
}

/** How one agent CLI is run and read. It starts nothing and never throws. */
export interface Provider {
	readonly name: string;
	/** The signal that asks the CLI to end. */
	readonly gentleSignal: 'SIGTERM' | 'SIGINT';
	/** It prints a final event; without one an attempt is no success. */
	readonly hasResult: boolean;
	/** It keeps a session file and reveals its id. */
	readonly keepsSession: boolean;
	/** What it counts over a whole session, and counts again when that is resumed. */
	readonly countsSession: readonly ('tokens' | 'cost')[];
	/** Files that it reads, by name; they are written into the spawn's folder, where the prompt is. */
	readonly files: Readonly<Record<string, string>>;
	/** The prompt as the CLI must be given it; not there for a CLI that takes any text as it is. */
	readonly escapePrompt?: (prompt: string) => string;
	/** How to look at the CLI before it is needed; null for what is no CLI with a login. */
	readonly checkup: Checkup | null;
	/** Whether standing instructions of so many bytes reach it by its own means; else they stand in the prompt. */
	takesConstitution(bytes: number, launch: LaunchOptions): boolean;
	invocation(request: Request): Invocation;
	/** What a line says; empty for a line that is torn or of no interest. */
	readLine(line: string, origin: Origin): readonly ProviderEvent[];
	/** Where the file of a session is; null when none is kept. */
	sessionFile(sessionId: string, env: NodeJS.ProcessEnv): SessionFilePattern | null;
}

/** What a line says, whatever it holds: what has not the right shape is no event, and none to fail on. */
export function readEvents(provider: Provider, line: string, origin: Origin): readonly ProviderEvent[] {
	try {
		return provider.readLine(line, origin).filter(isEvent);
	} catch {
		return [];
	}
}

const latestInstant: Instant = 8.64e15;

// The output is a program's: it may have anything where a text or a number is expected.
function isEvent(event: ProviderEvent): boolean {
	switch (event.type) {
		case 'session':
			return typeof event.id === 'string';
		case 'text':
		case 'tool':
		case 'tool result':
		case 'retry':
			return typeof event.text === 'string';
		case 'usage':
			return [event.input, event.output, event.costUsd ?? 0].every(Number.isFinite);
		case 'error':
			return typeof event.text === 'string' && typeof event.canPass === 'boolean';
		case 'quota':
			return typeof event.text === 'string' && (event.resumeAt === null || isInstant(event.resumeAt));
		case 'result':
			return typeof event.isSuccess === 'boolean' && (event.text === null || typeof event.text === 'string');
		default:
			return false;
	}
}

function isInstant(at: Instant): boolean {
	return Number.isFinite(at) && Math.abs(at) <= latestInstant;
}

/** A line of JSON as an object; null when it is anything else. */
export function parseObject<T extends object>(line: string): T | null {
	if (!line.startsWith('{')) return null;
	try {
		const value: unknown = JSON.parse(line);
		return typeof value === 'object' ? (value as T) : null;
	} catch {
		return null;
	}
}
