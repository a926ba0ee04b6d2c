import type {Backend} from '../backend/backend.ts';
import type {ExitCode} from '../errors.ts';
import type {Workspace} from '../workspace/open.ts';

/** A flag: declared once, for parsing and for `--help`. */
export interface Flag {
	readonly type: 'boolean' | 'string' | 'number';
	/** What stands for its value in the help. */
	readonly value?: string;
	readonly help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

type FlagValue<F extends Flag> = {boolean: boolean; string: string; number: number}[F['type']];

/** The values of the flags that were given. */
export type FlagValues<F extends Flags> = {readonly [K in keyof F]?: FlagValue<F[K]>};

/** Flags that every command takes. */
export const globalFlags = {
	home: {type: 'string', value: 'DIR', help: 'the workspace, a directory made by `raid init`'},
	db: {
		type: 'string',
		value: 'PATH',
		help: 'a database to read: of a space-os (~/.space/space.db), or of a workspace',
	},
	channel: {type: 'string', value: 'NAME', help: 'the channel to show'},
	json: {type: 'boolean', help: 'print a JSON document'},
	color: {type: 'boolean', help: 'colours; --no-color leaves them out'},
	help: {type: 'boolean', help: 'explain the command'},
	version: {type: 'boolean', help: 'print the version'},
} as const satisfies Flags;

/** The terminal, or what stands in its place. */
export interface Terminal {
	readonly isInteractive: boolean;
	readonly width: number;
	readonly height: number;
	readonly hasColor: boolean;
	/** Given when nobody reads standard output any more. */
	readonly closed: AbortSignal;
	/** Writes to standard output. */
	readonly print: (text: string | Uint8Array) => void;
	/** Writes one line to standard error. */
	readonly warn: (text: string) => void;
}

/** What a command runs with. */
export interface Context {
	readonly flags: FlagValues<typeof globalFlags>;
	readonly terminal: Terminal;
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/**
	 * Opens the workspace, to be changed, and, unless told otherwise, reconciles it. Throws when there is none, and when
	 * it is a space-os.
	 */
	readonly openWorkspace: (options?: {readonly reconciles: boolean}) => Promise<Workspace>;
	/** Opens what is to be read: the workspace, which is reconciled, or a space-os. Throws when there is none. */
	readonly openBackend: () => Promise<Backend>;
}

/** One command of the CLI. */
export interface Command {
	readonly name: string;
	readonly summary: string;
	readonly usage: string;
	readonly flags: Flags;
	/** What does the same in a space-os, for a command that changes the store; null for one that only reads. */
	readonly inSpaceOs: string | null;
	/** Not for people: left out of `--help`. */
	readonly isInternal: boolean;
	readonly run: (input: readonly string[], flags: never, context: Context) => Promise<ExitCode | undefined>;
}

/** A command, with the values of its flags typed by their declaration. */
export function command<F extends Flags>(definition: {
	readonly name: string;
	readonly summary: string;
	readonly usage: string;
	readonly flags?: F;
	readonly inSpaceOs?: string;
	readonly isInternal?: boolean;
	readonly run: (
		input: readonly string[],
		flags: FlagValues<F>,
		context: Context,
	) => Promise<ExitCode | undefined> | Promise<void>;
}): Command {
	return {
		flags: {},
		inSpaceOs: null,
		isInternal: false,
		...definition,
		run: async (input, flags, context) => (await definition.run(input, flags, context)) ?? undefined,
	};
}
