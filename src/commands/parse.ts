import meow from 'meow';
import {UsageError} from '../errors.ts';
import {type Command, type Flags, type FlagValues, globalFlags} from './command.ts';
import {commands, defaultCommand} from './index.ts';

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
	// meow prints and exits on a command it does not know, so it is told them all, and asked which one it saw.
	const words = argv.filter(word => !word.startsWith('-'));
	const names = [...new Set([...commands.map(command => command.name), ...words])];
	const first = read(argv, outer, names);
	if (first.command === undefined) return {command: defaultCommand, isNamed: false, input: first.input, flags: first.flags};
	const command = commands.find(({name}) => name === first.command);
	if (command === undefined) throw new UsageError(`"${first.command}" is no command.`, 'List them: raid --help');
	requireKnown(first.flags, globalFlags, `raid ${command.name}`);
	const second = read(first.input, {...globalFlags, ...command.flags});
	return {command, isNamed: true, input: second.input, flags: {...first.flags, ...second.flags}};
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
		if (flag.type === 'string' && value === '') throw new UsageError(`${dashed} needs a value.`);
		if (flag.type === 'number' && !Number.isFinite(value)) throw new UsageError(`${dashed} needs a number.`);
	}
}
