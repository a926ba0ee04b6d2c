import type {ProviderEvent} from '../model/attempt.ts';

/** What a provider is asked to run. */
export interface Request {
	/** The model as registered; `default` leaves the choice to the CLI. */
	readonly model: string;
	/** Program and arguments, for an agent that names them itself. */
	readonly command: readonly string[] | null;
	/** How many spawns this agent has had, this one counted. */
	readonly ordinal: number;
	/** 1 for the first try. */
	readonly attempt: number;
	/** The Node and the folder of bundled programs of this very install. */
	readonly runtime: string;
	readonly install: string;
}

/** How to start the CLI. The prompt is its standard input, as a file that ends: an open pipe hangs some for ever. */
export interface Invocation {
	readonly program: string;
	readonly args: readonly string[];
	/** Added to the environment of the agent. */
	readonly env: Readonly<Record<string, string>>;
}

/** How one agent CLI is run and read. It starts nothing and never throws. */
export interface Provider {
	readonly name: string;
	/** The signal that asks the CLI to end. */
	readonly gentleSignal: 'SIGTERM' | 'SIGINT';
	/** It prints a final event; without one an attempt is no success. */
	readonly hasResult: boolean;
	/** It keeps a transcript and tells its name. */
	readonly keepsSession: boolean;
	invocation(request: Request): Invocation;
	/** What a line of its output says; empty for a line that is torn or of no interest. */
	readLine(line: string): readonly ProviderEvent[];
}

/** What a line says, whatever it holds: a line that an adapter cannot read is none to fail on. */
export function readEvents(provider: Provider, line: string): readonly ProviderEvent[] {
	try {
		return provider.readLine(line);
	} catch {
		return [];
	}
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
