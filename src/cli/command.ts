import type {Stores} from '../backend/open.ts';
import type {ExitCode} from '../errors.ts';
import type {Row} from '../text/row.ts';

/** A flag, declared once for parsing, usage, help and completion. */
export interface Flag {
	readonly type: 'boolean' | 'string' | 'number';
	/** The word that stands for the value in the help. */
	readonly value?: string;
	/** The only values that are allowed. */
	readonly choices?: readonly string[];
	/** The letter that means the same after a single dash. */
	readonly short?: string;
	/** A boolean that is true unless `--no-…` is given. */
	readonly isOn?: true;
	/** May be given several times; its value is then the list. Of texts only. */
	readonly isRepeated?: true;
	readonly help: string;
}

/** Flags by their names in camelCase; on the command line they are written in kebab-case. */
export type Flags = Readonly<Record<string, Flag>>;

type FlagValue<F extends Flag> = F extends {readonly isRepeated: true}
	? readonly string[]
	: {boolean: boolean; string: string; number: number}[F['type']];

/** The values of the flags that were given. */
export type FlagValues<F extends Flags> = {readonly [K in keyof F]?: FlagValue<F[K]>};

/** The kind of thing that an argument names. */
export type ArgumentType = 'text' | 'channel' | 'agent' | 'spawn' | 'file';

/** An argument, declared once for parsing, usage, help and completion. */
export interface Argument {
	readonly name: string;
	readonly type: ArgumentType;
	/** Its form in the usage; by default the name in capitals. */
	readonly label?: string;
	/** The only values that are allowed. */
	readonly choices?: readonly string[];
	readonly isOptional?: true;
	/** Takes every word that is left; only the last argument may. */
	readonly isRepeated?: true;
	/** Its line in the help; by default its type has one. */
	readonly help?: string;
}

/** The values of the arguments. The list of a repeated one is empty when it is optional and not given. */
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

/** The terminal, or the pipes in its place. */
export interface Terminal {
	readonly isInteractive: boolean;
	/** True when standard output is a terminal, whatever standard input is. */
	readonly isScreen: boolean;
	readonly width: number;
	readonly height: number;
	readonly hasColor: boolean;
	/** Aborted when nobody reads standard output any more. */
	readonly closed: AbortSignal;
	/** Writes rows to standard output. Without colours, `trims` takes away the blanks at their ends. */
	readonly print: (rows: readonly Row[], options?: {readonly trims: boolean}) => void;
	/** Writes a JSON text to standard output; on a screen, characters that could steer it are escaped. */
	readonly printJson: (json: string) => void;
	/** Writes bytes to standard output unchanged. A screen gets them as safe text. */
	readonly copy: (bytes: Uint8Array) => void;
	/** Writes one line, of bounded length, to standard error. */
	readonly warn: (text: string) => void;
}

/** The surroundings that a command runs in, and the store that it may open. */
export interface Context extends Omit<Stores, 'close'> {
	readonly flags: FlagValues<typeof globalFlags>;
	readonly terminal: Terminal;
	/** True when an interactive command may take over the screen, because it is a terminal and no document is wanted. */
	readonly hasScreen: boolean;
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
}

/** The outcome of a command: a document for programs, and the same as rows for people. */
export interface Printout {
	/** The document without its `version`; null for rows that only people need. */
	readonly document: Readonly<Record<string, unknown>> | null;
	readonly rows: readonly Row[];
	/** Fine when it is not given. */
	readonly code?: ExitCode;
}

/** A piece of a stream: a printout of its own, or bytes that are copied unchanged where that is safe. */
export type Piece = Printout | {readonly bytes: Uint8Array};

/** Pieces that are printed as they come, each document as one line; it returns the exit code. */
export type Stream = AsyncGenerator<Piece, ExitCode | undefined, undefined>;

/** The exit code of an interactive command, which had the terminal to itself. */
export interface Shown {
	readonly shown: ExitCode;
}

/** Everything that a command may return. */
export type CommandResult = Printout | Stream | Shown;

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
	/** Null for a command that raid itself starts, which the help does not list. */
	readonly group: keyof typeof groups | null;
	readonly summary: string;
	readonly arguments: readonly Argument[];
	readonly flags: Flags;
	readonly examples: readonly string[];
	/** The hint that is shown when the store is a space-os; null for a command that only reads. */
	readonly inSpaceOs: string | null;
	/** True when it takes over the screen of a terminal, and then returns `Shown`. */
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
