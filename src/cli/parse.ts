import meow from 'meow';
import {commands, defaultCommand} from '../commands/index.ts';
import {UsageError} from '../errors.ts';
import {type Command, type Flags, type FlagValues, globalFlags} from './command.ts';

/** A command line, understood. */
export interface Parsed {
	readonly command: Command;
	/** False when `raid` itself was called, without a command. */
	readonly isNamed: boolean;
	readonly input: readonly string[];
	readonly flags: Readonly<Record<string, unknown>> & FlagValues<typeof globalFlags>;
}

/** Understands a command line. Throws a UsageError for anything that is not declared. */
export function parseCommandLine(argv: readonly string[]): Parsed {
	const outer = {...globalFlags, ...defaultCommand.flags};
	const name = firstWord(argv, outer);
	const command = commands.find(known => known.name === name);
	// Told here, in one line: meow would print the whole help as well.
	if (name !== undefined && command === undefined) throw unknownCommand(name);
	const first = read(
		argv,
		outer,
		commands.map(known => known.name),
	);
	if (command === undefined) {
		return {command: defaultCommand, isNamed: false, input: first.input, flags: first.flags};
	}
	requireKnown(first.flags, globalFlags, `raid ${command.name}`);
	const second = read(first.input, {...globalFlags, ...command.flags});
	return {command, isNamed: true, input: second.input, flags: {...first.flags, ...second.flags}};
}

/** The error for a word that is no command. */
function unknownCommand(name: string): UsageError {
	return new UsageError(`"${name}" is no command.`, 'List them: raid --help');
}

/** The first word that is neither a flag nor the value of one. */
function firstWord(argv: readonly string[], flags: Flags): string | undefined {
	const takesValue = (word: string) =>
		word.startsWith('--') && (flags[word.slice(2)]?.type ?? 'boolean') !== 'boolean';
	return argv.find((word, index) => !word.startsWith('-') && !takesValue(argv[index - 1] ?? ''));
}

function read(argv: readonly string[], flags: Flags, names?: readonly string[]) {
	try {
		const result = meow({
			importMeta: import.meta,
			argv: [...argv],
			flags: Object.fromEntries(Object.entries(flags).map(([name, {type}]) => [name, {type}])),
			...(names === undefined ? {} : {commands: [...names]}),
			pkg: {name: 'raidwatch', bin: {raid: ''}},
			autoHelp: false,
			autoVersion: false,
			booleanDefault: undefined,
			allowUnknownFlags: true,
		});
		const given = Object.fromEntries(Object.entries(result.flags).filter(([, value]) => value !== undefined));
		requireKnown(given, flags, 'raid');
		return {command: result.command, input: result.input, flags: given};
	} catch (error) {
		if (error instanceof UsageError) throw error;
		throw new UsageError((error as Error).message.replace(/\.?\s*$/, '.'), 'List them: raid --help');
	}
}

function requireKnown(given: Readonly<Record<string, unknown>>, flags: Flags, where: string): void {
	for (const [name, value] of Object.entries(given)) {
		const flag = flags[name];
		const dashed = `${name.length === 1 ? '-' : '--'}${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
		if (flag === undefined) throw new UsageError(`${dashed} is no flag here.`, `List them: ${where} --help`);
		if (Array.isArray(value)) throw new UsageError(`${dashed} was given twice.`);
		if (flag.type === 'string' && value === '')
			throw new UsageError(`${dashed} needs a value.`, `If that begins with a dash: ${dashed}=VALUE`);
		if (flag.type === 'number' && !Number.isFinite(value)) throw new UsageError(`${dashed} needs a number.`);
	}
}
