import {parseArgs} from 'node:util';
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

type Token = NonNullable<ReturnType<typeof tokensOf>>[number];
type OptionToken = Extract<Token, {kind: 'option'}>;

/** Parses a command line. Throws a UsageError for anything that is not declared. */
export function parseCommandLine(argv: readonly string[], program: Program): Parsed {
	const {defaultCommand} = program;
	const outer = {...globalFlags, ...defaultCommand.flags};
	const tokens = tokensOf(argv, outer);
	const words = tokens.filter(token => token.kind === 'positional');
	const [first] = words;
	if (first === undefined) return read(tokens, outer, defaultCommand, false);
	// Checked first, because the word after an unknown flag may be its value and not the command.
	const leading = tokens.filter(token => token.index < first.index);
	readFlags(leading, outer, 'raid --help');
	const command = commandNamed(
		words.map(word => word.value),
		program,
	);
	const named = new Set(words.slice(0, command.name.split(' ').length).map(word => word.index));
	const rest = argv.filter((_, index) => !named.has(index));
	const declared = {...globalFlags, ...command.flags};
	return read(tokensOf(rest, declared), declared, command, true);
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

function tokensOf(argv: readonly string[], flags: Flags) {
	const options = Object.entries(flags).map(([name, {type, short}]) => [
		kebab(name),
		{type: type === 'boolean' ? 'boolean' : 'string', ...(short === undefined ? {} : {short})} as const,
	]);
	return parseArgs({
		args: [...argv],
		options: Object.fromEntries(options),
		allowPositionals: true,
		strict: false,
		tokens: true,
	}).tokens;
}

function read(tokens: readonly Token[], declared: Flags, command: Command, isNamed: boolean): Parsed {
	const flags = readFlags(tokens, declared, isNamed ? `raid help ${command.name}` : 'raid --help');
	const words = tokens.filter(token => token.kind === 'positional').map(token => token.value);
	// Help is given without the arguments.
	const args = flags.help === true || flags.version === true ? {} : readArguments(words, command);
	return {command, isNamed, args, flags};
}

function readFlags(tokens: readonly Token[], declared: Flags, list: string): Parsed['flags'] {
	const flags: Record<string, unknown> = {};
	for (const token of tokens) {
		if (token.kind !== 'option') continue;
		const {name, value} = readFlag(token, declared, list);
		if (name in flags) throw new UsageError(`${token.rawName} was given twice.`);
		flags[name] = value;
	}
	return flags;
}

function readFlag(token: OptionToken, declared: Flags, list: string): {name: string; value: unknown} {
	const byDash = new Map(Object.keys(declared).map(name => [kebab(name), name]));
	const positive = byDash.get(token.name);
	const negated = byDash.get(token.name.replace(/^no-/, ''));
	const name = positive ?? negated;
	const flag = name === undefined ? undefined : declared[name];
	const isNegated = positive === undefined;
	if (name === undefined || flag === undefined || (isNegated && flag.type !== 'boolean')) {
		const meant = nearest(token.name.replace(/^no-/, ''), [...byDash.keys()]);
		throw new UsageError(
			`${token.rawName} is not a flag here.`,
			hintOf(meant === null ? null : `--${meant}`, list),
		);
	}
	if (flag.type === 'boolean') {
		if (token.value !== undefined) throw new UsageError(`${token.rawName} does not take a value.`);
		return {name, value: !isNegated};
	}
	return {name, value: givenValue(token, flag)};
}

function givenValue({rawName, value = '', inlineValue}: OptionToken, flag: Flags[string]): string | number {
	const isNumber = flag.type === 'number' && value !== '' && Number.isFinite(Number(value));
	if (isNumber) return Number(value);
	const isMissing = value === '' || (inlineValue === false && value.length > 1 && value.startsWith('-'));
	if (isMissing)
		throw new UsageError(`${rawName} needs a value.`, `If it begins with a dash: ${rawName}=VALUE`);
	if (flag.type === 'number') throw new UsageError(`${rawName} needs a number, not "${value}".`);
	requireChoice(rawName, value, flag.choices);
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
	if (extra !== undefined) throw misuse(command, `"${extra}" is one argument too many.`);
	return args;
}
