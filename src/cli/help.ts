import {commands, defaultCommand} from '../commands/index.ts';
import {type Command, type Flags, globalFlags} from './command.ts';

/** The help of `raid` itself: every command and every flag that goes with all of them. */
export function generalHelp(): string {
	const listed = commands.filter(command => !command.isInternal);
	const width = Math.max(...listed.map(command => command.name.length));
	const lines = listed.map(({name, summary}) => `  ${name.padEnd(width)}  ${summary}`);
	return [
		'Watch and steer coding agents that work together.',
		'',
		`Usage: ${defaultCommand.usage}`,
		'       raid COMMAND …',
		'',
		`  ${defaultCommand.summary}`,
		...flagLines(defaultCommand.flags),
		'',
		'Commands:',
		...lines,
		'',
		'With every command:',
		...flagLines(globalFlags),
		'',
		'More of one: raid COMMAND --help. A spawn is named by any unique prefix or suffix of its id.',
		'Exit codes: 0 fine, 1 what was asked about is not fine, 2 wrong usage, 3 not found or ambiguous,',
		'4 the store cannot be opened, 130 interrupted.',
		'',
	].join('\n');
}

/** The help of one command. */
export function commandHelp({summary, usage, flags}: Command): string {
	const own = Object.keys(flags).length === 0 ? [] : ['', ...flagLines(flags)];
	return [
		summary,
		'',
		`Usage: ${usage}`,
		...own,
		'',
		'With every command:',
		...flagLines(globalFlags),
		'',
	].join('\n');
}

function flagLines(flags: Flags): readonly string[] {
	const named = Object.entries(flags).map(([name, {value, help}]) => {
		const dashed = `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
		return [value === undefined ? dashed : `${dashed} ${value}`, help] as const;
	});
	const width = Math.max(...named.map(([flag]) => flag.length));
	return named.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`);
}
