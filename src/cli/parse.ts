import meow, {type AnyFlags} from 'meow';
import {UsageError} from '../errors.ts';
import {
	type Argument,
	type Command,
	type Flags,
	type FlagValues,
	globalFlags,
	type Program,
} from './command.ts';
import {nearest} from './suggest.ts';
import {argumentLabel, kebab, misuse} from './usage.ts';

/** A command line that was understood. */
export interface Parsed {
	readonly command: Command;
	/** False when `raid` was called without a command. */
	readonly isNamed: boolean;
	readonly args: Readonly<Record<string, string | readonly string[] | undefined>>;
	readonly flags: Readonly<Record<string, unknown>> & FlagValues<typeof globalFlags>;
}

/** Parses a command line. Throws a UsageError for anything that is not declared. */
export function parseCommandLine(argv: readonly string[], program: Program): Parsed {
	const {defaultCommand} = program;
	const outer = {...globalFlags, ...defaultCommand.flags};
	const {words} = split(argv, outer);
	const [first] = words;
	if (first === undefined) return read(argv, outer, defaultCommand, false);
	// Checked first, because the word after an unknown flag may be its value and not the command.
	readFlags(argv.slice(0, argv.indexOf(first)), outer, 'raid --help');
	const command = commandNamed(words, program);
	const rest = command.name.split(' ').reduce(withoutWord, argv);
	return read(rest, {...globalFlags, ...command.flags}, command, true);
}

function withoutWord(argv: readonly string[], word: string): readonly string[] {
	const index = argv.indexOf(word);
	return argv.filter((_, other) => other !== index);
}

/** The command that the first words name. Throws a UsageError that suggests the nearest one. */
export function commandNamed(words: readonly string[], {commands}: Pick<Program, 'commands'>): Command {
	const [first = '', second] = words;
	const command =
		commands.find(({name}) => second !== undefined && name === `${first} ${second}`) ??
		commands.find(({name}) => name === first);
	if (command !== undefined) return command;
	const known = commands.filter(({group}) => group !== null).map(({name}) => name);
	throw new UsageError(`"${first}" is not a command.`, hintOf(nearest(first, known), 'raid help'));
}

function hintOf(meant: string | null, list: string): string {
	return meant === null ? `List them: ${list}` : `Did you mean ${meant}? List them: ${list}`;
}

interface Line {
	/** The words that are neither a flag nor the value of one. */
	readonly words: readonly string[];
	/** The value that was given for each flag, also for those that are not declared. */
	readonly given: Readonly<Record<string, unknown>>;
}

/** A command line as meow reads it; what is wrong with it is said here, in one line, because meow prints its help too. */
function split(argv: readonly string[], declared: Flags): Line {
	const flags = Object.entries(declared).map(([name, {type, short, isRepeated = false}]) => [
		name,
		{
			// A number is read here: meow has nothing to say about a word in its place.
			type: type === 'boolean' ? 'boolean' : 'string',
			// Else meow would keep the last one and not say that there were two.
			isMultiple: type === 'boolean' || isRepeated,
			...(short === undefined ? {} : {shortFlag: short}),
		} as const,
	]);
	try {
		const {input, flags: given} = meow({
			importMeta: import.meta,
			argv: [...argv],
			flags: Object.fromEntries(flags) as AnyFlags,
			pkg: {name: 'raidwatch', bin: {raid: ''}},
			autoHelp: false,
			autoVersion: false,
			booleanDefault: undefined,
			allowUnknownFlags: true,
		});
		return {words: input, given};
	} catch (error) {
		const twice = /^The flag (--\S+) can only be set once/.exec((error as Error).message)?.[1];
		if (twice === undefined) throw error;
		throw new UsageError(`${twice} was given twice.`);
	}
}

function read(argv: readonly string[], declared: Flags, command: Command, isNamed: boolean): Parsed {
	const flags = readFlags(argv, declared, isNamed ? `raid help ${command.name}` : 'raid --help');
	// Help is given without the arguments.
	const isAsked = flags.help === true || flags.version === true;
	return {command, isNamed, args: isAsked ? {} : readArguments(split(argv, declared).words, command), flags};
}

function readFlags(argv: readonly string[], declared: Flags, list: string): Parsed['flags'] {
	requireBare(argv, declared);
	requireValues(argv, declared);
	const flags: Record<string, unknown> = {};
	for (const [name, values] of Object.entries(split(argv, declared).given)) {
		const all: readonly unknown[] = Array.isArray(values) ? values : [values];
		const [value, another] = all;
		if (value === undefined) continue;
		const flag = declared[name];
		const isNegated = value === false;
		const written = `${name.length === 1 ? '-' : isNegated ? '--no-' : '--'}${kebab(name)}`;
		if (flag === undefined || (isNegated && flag.type !== 'boolean'))
			throw unknownFlag(written, declared, list);
		if (flag.isRepeated) {
			flags[name] = all.map(one => givenValue(written, String(one), flag));
			continue;
		}
		if (another !== undefined) throw new UsageError(`${written} was given twice.`);
		flags[name] = flag.type === 'boolean' ? value : givenValue(written, String(value), flag);
	}
	return flags;
}

function unknownFlag(written: string, declared: Flags, list: string): UsageError {
	const meant = nearest(written.replace(/^--?(no-)?/, ''), Object.keys(declared).map(kebab));
	return new UsageError(`${written} is not a flag here.`, hintOf(meant === null ? null : `--${meant}`, list));
}

/** Throws a UsageError for a value given to a flag that takes none, which meow reads as a yes or a no. */
function requireBare(argv: readonly string[], declared: Flags): void {
	const bare = Object.keys(declared).filter(name => declared[name]?.type === 'boolean');
	const words = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length);
	const name = bare.map(kebab).find(known => words.some(word => word.startsWith(`--${known}=`)));
	if (name !== undefined) throw new UsageError(`--${name} does not take a value.`);
}

/** Throws a UsageError for a repeated flag without a value, which meow leaves out. */
function requireValues(argv: readonly string[], declared: Flags): void {
	const repeated = Object.keys(declared).filter(name => declared[name]?.isRepeated);
	const words = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length);
	for (const written of repeated.map(name => `--${kebab(name)}`)) {
		for (const [index, word] of words.entries()) {
			const isBare = word === written && (words[index + 1] ?? '-').startsWith('-');
			if (isBare || word === `${written}=`) throw missingValue(written);
		}
	}
}

function missingValue(written: string): UsageError {
	return new UsageError(`${written} needs a value.`, `If it begins with a dash: ${written}=VALUE`);
}

function givenValue(written: string, value: string, flag: Flags[string]): string | number {
	if (value === '') throw missingValue(written);
	if (flag.type === 'number') {
		if (Number.isFinite(Number(value))) return Number(value);
		throw new UsageError(`${written} needs a number, not "${value}".`);
	}
	requireChoice(written, value, flag.choices);
	return value;
}

function requireChoice(name: string, value: string, choices: readonly string[] | undefined): void {
	if (choices === undefined || choices.includes(value)) return;
	throw new UsageError(`${name} is one of ${choices.join(', ')}, not "${value}".`);
}

function readArguments(words: readonly string[], command: Command): Parsed['args'] {
	const args: Record<string, string | readonly string[] | undefined> = {};
	const declared: readonly Argument[] = command.arguments;
	for (const [index, argument] of declared.entries()) {
		const given = argument.isRepeated ? words.slice(index) : words.slice(index, index + 1);
		if (given.length === 0 && !argument.isOptional)
			throw misuse(command, `${argumentLabel(argument)} is missing.`);
		for (const word of given) requireChoice(argumentLabel(argument), word, argument.choices);
		args[argument.name] = argument.isRepeated ? given : given[0];
	}
	const extra = declared.some(({isRepeated}) => isRepeated) ? undefined : words[declared.length];
	if (extra !== undefined) throw misuse(command, `Unexpected argument "${extra}".`);
	return args;
}
