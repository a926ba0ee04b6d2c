import type {Fields, LaunchOptions} from '../model/agent.ts';
import type {ProviderEvent} from '../model/attempt.ts';
import type {Instant} from '../model/time.ts';

/** One run that a provider is asked for. */
export interface Request {
	/** The model as registered. `default` leaves the choice to the CLI. */
	readonly model: string;
	readonly launch: LaunchOptions;
	/** The agent's standing instructions, for a CLI that takes them separately; null when they are in the prompt. */
	readonly constitution: {readonly path: string; readonly text: string} | null;
	/** Path of the prompt's file. */
	readonly promptFile: string;
	/** Directory that the agent works in. */
	readonly cwd: string;
	/** Directory of raid's own records, with symbolic links resolved: no tool of the agent writes there. */
	readonly home: string;
	/**
	 * The one folder below `home` that the agent's `raid send` must be able to write, with symbolic links resolved. It is
	 * there before the CLI starts.
	 */
	readonly outbox: string;
	/** The operator's environment. */
	readonly env: NodeJS.ProcessEnv;
	/** The session to resume; null for a new one. */
	readonly session: string | null;
	/** How many spawns this agent has had, including this one. */
	readonly ordinal: number;
	/** 1 for the first try. */
	readonly attempt: number;
	/** Path of the Node that runs raid. */
	readonly runtime: string;
	/** Folder of raid's bundled programs. */
	readonly install: string;
}

/** How to start the CLI. */
export interface Invocation {
	readonly program: string;
	readonly args: readonly string[];
	/** Variables to add to the agent's environment. */
	readonly env: Readonly<Record<string, string>>;
	/**
	 * Standard input: the prompt as a file, which ends, or nothing. Never a pipe that stays open, because some CLIs then
	 * hang forever.
	 */
	readonly stdin: 'prompt' | 'nothing';
}

/** The source of a line: one of the two streams of a CLI, or its session file. */
export type Output = 'output' | 'errors' | 'session';

/** Where and when a line was read. */
export interface LineOrigin {
	readonly output: Output;
	/** The paths at which an agent that runs any executable prints its events; null when it declares none. */
	readonly fields: Fields | null;
	/** The present, because some CLIs give a time as a duration from now. */
	readonly now: Instant;
}

/** Where a CLI keeps a session: in the file below `folder`, at any depth, whose name ends with `ending`. */
export interface SessionFilePattern {
	readonly folder: string;
	readonly ending: string;
}

/** How to check a CLI before it is needed, without a paid call. */
export interface Checkup {
	readonly program: string;
	/** The version that the adapter was tested with. */
	readonly verifiedVersion: string;
	/** Arguments that make the CLI report its login; null when it has no such command. */
	readonly loginArgs: readonly string[] | null;
	/** The login, judged by that command's answer and by the environment. */
	login(answer: LoginAnswer | null, env: NodeJS.ProcessEnv): LoginState;
}

/** The answer of the CLI's own command about its login. */
export interface LoginAnswer {
	readonly exitCode: number | null;
	readonly text: string;
}

/** Whether a login exists. Only a paid call shows whether it is still accepted. */
export interface LoginState {
	/** Null when it is unknown. */
	readonly isThere: boolean | null;
	/** Which login it is, or how to log in. */
	readonly text: string;
}

/** How one agent CLI is run and read. A provider starts nothing. */
export interface Provider {
	readonly name: string;
	/** The signal that asks the CLI to stop. */
	readonly gentleSignal: 'SIGTERM' | 'SIGINT';
	/** The CLI prints a final event, without which an attempt is not a success. */
	readonly hasResult: boolean;
	/** The CLI keeps a session file and prints its id. */
	readonly keepsSession: boolean;
	/** The measures that the CLI counts over a whole session, and so counts again when the session is resumed. */
	readonly countsSession: readonly ('tokens' | 'cost')[];
	/** Files that the CLI reads, by name. They are written into the spawn's folder, beside the prompt. */
	files(request: Pick<Request, 'launch' | 'home'>): Readonly<Record<string, string>>;
	/** Escapes the prompt for a CLI that does not take every text as it is. */
	readonly escapePrompt?: (prompt: string) => string;
	/** How to check the CLI before it is needed; null when it has no login. */
	readonly checkup: Checkup | null;
	/** True when the CLI takes standing instructions of this size separately. Otherwise they are put into the prompt. */
	takesConstitution(bytes: number, launch: LaunchOptions): boolean;
	/** How to start the CLI for a run. */
	invocation(request: Request): Invocation;
	/** The events of a line; empty for a torn line and for one of no interest. It may throw on a line of the wrong shape. */
	readLine(line: string, origin: LineOrigin): readonly ProviderEvent[];
	/** Where to find the file of a session; null when none is kept. */
	sessionFile(sessionId: string, env: NodeJS.ProcessEnv): SessionFilePattern | null;
}

/**
 * The events of a line, whatever it contains. It never throws: events of the wrong shape are left out, and a line on
 * which the adapter fails has no events. `report` gets that failure.
 */
export function readEvents(
	provider: Provider,
	line: string,
	origin: LineOrigin,
	report: (failure: Error) => void = () => {},
): readonly ProviderEvent[] {
	try {
		return provider.readLine(line, origin).filter(isEvent);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		report(new Error(`The ${provider.name} adapter failed on a line: ${reason}`, {cause: error}));
		return [];
	}
}

const latestInstant: Instant = 8.64e15;

// The output is untrusted: it may contain anything where a text or a number is expected.
function isEvent(event: ProviderEvent): boolean {
	switch (event.type) {
		case 'session':
			return typeof event.id === 'string';
		case 'text':
		case 'retry':
			return typeof event.text === 'string';
		case 'denied':
		case 'tool':
		case 'tool result':
			return typeof event.text === 'string' && (event.id === undefined || typeof event.id === 'string');
		case 'usage':
			return (
				[event.input, event.output, event.costUsd ?? 0].every(Number.isFinite) &&
				(event.message === undefined || typeof event.message === 'string')
			);
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
