import {UsageError} from '../errors.ts';
import type {Argument, Command, Flag} from './command.ts';

// More than these make a usage line unreadable; the help lists them below it.
const mostFlags = 5;

/** The usage of a command in one line, such as `raid recv CHANNEL [--tail N] [--follow]`. */
export function usageOf({name, arguments: args, flags}: Command): string {
	const named = Object.entries(flags).map(([flag, declared]) => `[${flagLabel(flag, declared)}]`);
	const shown = named.length > mostFlags ? ['[FLAG…]'] : named;
	return ['raid', ...(name === '' ? [] : [name]), ...args.map(argumentUsage), ...shown].join(' ');
}

/** An argument as help and usage write it, such as `SPAWN` or `CHANNEL|MENTION`. */
export function argumentLabel({name, label}: Argument): string {
	return label ?? name.toUpperCase();
}

function argumentUsage(argument: Argument): string {
	const label = `${argumentLabel(argument)}${argument.isRepeated ? '…' : ''}`;
	return argument.isOptional ? `[${label}]` : label;
}

/** A flag as help and usage write it, such as `--tail N` or `--no-guards`. */
export function flagLabel(name: string, {value, isOn, isRepeated}: Flag): string {
	const dashed = isOn ? `--no-${kebab(name)}` : `--${kebab(name)}`;
	return value === undefined ? dashed : `${dashed} ${value}${isRepeated ? '…' : ''}`;
}

/** A camelCase name in kebab-case. */
export function kebab(name: string): string {
	return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}

/** The error of a command that was called wrongly; its hint is the usage. */
export function misuse(command: Command, message: string): UsageError {
	return new UsageError(message, `Usage: ${usageOf(command)}`);
}
