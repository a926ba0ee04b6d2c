import type {Backend} from '../backend/backend.ts';
import type {ExitCode} from '../errors.ts';
import type {Row} from '../text/row.ts';
import type {Workspace} from '../workspace/open.ts';

/** A flag: declared once, for parsing, usage, help and completion. */
export interface Flag {
	readonly type: 'boolean' | 'string' | 'number';
	/** The word that stands for the value in the help. */
	readonly value?: string;
	/** The only values that it takes. */
	readonly choices?: readonly string[];
	/** One letter that does the same after a single dash. */
	readonly short?: string;
	/** A boolean that is true unless `--no-…` is given. */
	readonly isOn?: true;
	readonly help: string;
}

/** Flags by their names in camelCase; on the command line they are written in kebab-case. */
export type Flags = Readonly<Record<string, Flag>>;

type FlagValue<F extends Flag> = {boolean: boolean; string: string; number: number}[F['type']];

/** The values of the flags that were given. */
export type FlagValues<F extends Flags> = {readonly [K in keyof F]?: FlagValue<F[K]>};

/** What an argument names. */
export type ArgumentType = 'text' | 'channel' | 'agent' | 'spawn' | 'file';

/** An argument: declared once, for parsing, usage, help and completion. */
export interface Argument {
	readonly name: string;
	readonly type: ArgumentType;
	/** How usage writes it; default: the name in capitals. */
	readonly label?: string;
	/** The only values that it takes. */
	readonly choices?: readonly string[];
	readonly isOptional?: true;
	/** Any number of them, as the last argument. */
	readonly isRepeated?: true;
	/** What it is; default: what its type says. */
	readonly help?: string;
}

/** The values of the arguments. Of a repeated one that is optional the list may be empty. */
export type ArgumentValues<A extends readonly Argument[]> = {
	readonly [P in A[number] as P['name']]: P extends {readonly isRepeated: true}
		? readonly string[]
		: P extends {readonly isOptional: true}
			? string | undefined
			: string;
};

/** Flags that every command takes. */
export const globalFlags = {
	home: {type: 'string', value: 'DIR', help: 'the workspace, a directory made by `raid init`'},
	db: {
		type: 'string',
		value: 'PATH',
		help: 'the database to read, of a space-os (~/.space/space.db) or of a workspace',
	},
	channel: {type: 'string', value: 'NAME', help: 'the channel to show'},
	json: {type: 'boolean', help: 'print a JSON document'},
	color: {type: 'boolean', help: 'print colours; --no-color prints none'},
	help: {type: 'boolean', short: 'h', help: 'explain the command'},
	version: {type: 'boolean', help: 'print the version'},
} as const satisfies Flags;

/** The terminal, or what stands in its place. */
export interface Terminal {
	readonly isInteractive: boolean;
	readonly width: number;
	readonly height: number;
	readonly hasColor: boolean;
	/** Aborted when nobody reads standard output any more. */
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
	 * Opens the workspace. Throws a NotFoundError when there is none, a UsageError when it is a space-os, and an
	 * OldRaidError while a raid of an older version runs on it, unless it waits for the end of that.
	 */
	readonly openWorkspace: (options: {
		readonly reconciles: boolean;
		readonly waits?: boolean;
	}) => Promise<Workspace>;
	/** Opens what is to be read: the workspace, which is reconciled first, or a space-os. Throws when there is none. */
	readonly openBackend: () => Promise<Backend>;
	/** Opens what is to be changed: the workspace, reconciled unless the change does that. Throws for a space-os. */
	readonly openToChange: (options?: {readonly reconciles: boolean}) => Promise<Backend>;
}

/** What a command found or did: a document for programs, and the same as rows for people. */
export interface Answer {
	/** Without its `version`. Null for rows that only people need. */
	readonly document: Readonly<Record<string, unknown>> | null;
	readonly rows: readonly Row[];
	/** Default: fine. */
	readonly code?: ExitCode;
}

/** A piece of a stream: an answer of its own, or bytes that are printed as they are. */
export type Piece = Answer | {readonly bytes: Uint8Array};

/** Pieces that are printed as they come, each document as one line; at the end the exit code. */
export type Stream = AsyncGenerator<Piece, ExitCode | undefined, undefined>;

/** How an interactive command ended, which had the terminal to itself. */
export interface Shown {
	readonly shown: ExitCode;
}

/** What a command returns. */
export type CommandResult = Answer | Stream | Shown;

/** The headings of the help, in its order. */
export const groups = {
	setup: 'Set up',
	talk: 'Talk',
	watch: 'Watch',
	control: 'Control',
	help: 'Help',
} as const;

/** One command of the CLI. */
export interface Command {
	/** One word, or two (`channels create`); empty for the command that runs when none is named. */
	readonly name: string;
	/** Null for a command that raid itself starts: the help does not list it. */
	readonly group: keyof typeof groups | null;
	readonly summary: string;
	readonly arguments: readonly Argument[];
	readonly flags: Flags;
	readonly examples: readonly string[];
	/** What does the same in a space-os, for a command that changes the store; null for one that only reads. */
	readonly inSpaceOs: string | null;
	/** In a terminal it takes the whole screen, and returns `Shown`. */
	readonly isInteractive: boolean;
	readonly run: (args: never, flags: never, context: Context) => Promise<CommandResult>;
}

/** A command, with the values of its arguments and flags typed by their declaration. */
export function command<const A extends readonly Argument[], const F extends Flags>(definition: {
	readonly name: string;
	readonly group: Command['group'];
	readonly summary: string;
	readonly arguments?: A;
	readonly flags?: F;
	readonly examples?: readonly string[];
	readonly inSpaceOs?: string;
	readonly isInteractive?: true;
	readonly run: (
		args: ArgumentValues<A>,
		flags: FlagValues<F>,
		context: Context,
	) => CommandResult | Promise<CommandResult>;
}): Command {
	return {
		arguments: [],
		flags: {},
		examples: [],
		inSpaceOs: null,
		isInteractive: false,
		...definition,
		run: async (args: ArgumentValues<A>, flags: FlagValues<F>, context) =>
			definition.run(args, flags, context),
	};
}

/** Every command, and the one that `raid` runs when none is named. */
export interface Program {
	readonly commands: readonly Command[];
	readonly defaultCommand: Command;
}
