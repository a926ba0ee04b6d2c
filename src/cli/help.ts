import {
	type Argument,
	type ArgumentType,
	type Command,
	type Flags,
	globalFlags,
	groups,
	type Program,
} from './command.ts';
import {argumentLabel, flagLabel, usageOf} from './usage.ts';

/** The help of `raid` itself: every command by its purpose, and every flag that goes with all of them. */
export function generalHelp({commands, defaultCommand}: Program): string {
	const width = Math.max(...commands.map(command => command.name.length));
	const listed = Object.entries(groups).flatMap(([group, heading]) => {
		const own = commands.filter(command => command.group === group);
		return ['', `${heading}:`, ...own.map(({name, summary}) => `  ${name.padEnd(width)}  ${summary}`)];
	});
	return text([
		'Watch and steer coding agents that work together.',
		'',
		`Usage: ${usageOf(defaultCommand)}`,
		'       raid COMMAND …',
		'',
		`  ${defaultCommand.summary}`,
		...flagLines(defaultCommand.flags),
		...listed,
		'',
		'With every command:',
		...flagLines(globalFlags),
		'',
		'Help for one command: raid help COMMAND',
		'Exit codes: 0 fine, 1 a check failed or something survived, 2 wrong usage, 3 not found or ambiguous,',
		'4 the store cannot be opened, 130 interrupted.',
	]);
}

/** The help of one command. */
export function commandHelp(command: Command): string {
	const {summary, arguments: args, flags, examples} = command;
	return text([
		summary,
		'',
		`Usage: ${usageOf(command)}`,
		...section(
			'Arguments:',
			args.map(argument => [argumentLabel(argument), argumentHelp(argument)]),
		),
		...section('Flags:', flagPairs(flags)),
		...(examples.length === 0 ? [] : ['', 'Examples:', ...examples.map(example => `  ${example}`)]),
		...section('With every command:', flagPairs(globalFlags)),
	]);
}

const typeHelp: Readonly<Record<ArgumentType, string>> = {
	text: '',
	channel: 'a channel, without #',
	agent: 'the identity of an agent, without @',
	spawn: 'a spawn, by any unique prefix or suffix of its id',
	file: 'a file',
};

function argumentHelp({type, help, choices}: Argument): string {
	return help ?? (choices === undefined ? typeHelp[type] : `one of ${choices.join(', ')}`);
}

function flagLines(flags: Flags): readonly string[] {
	return aligned(flagPairs(flags));
}

function flagPairs(flags: Flags): readonly Pair[] {
	return Object.entries(flags).map(([name, flag]) => {
		const short = flag.short === undefined ? '' : `-${flag.short}, `;
		return [`${short}${flagLabel(name, flag)}`, flag.help];
	});
}

type Pair = readonly [label: string, help: string];

function section(heading: string, pairs: readonly Pair[]): readonly string[] {
	return pairs.length === 0 ? [] : ['', heading, ...aligned(pairs)];
}

function aligned(pairs: readonly Pair[]): readonly string[] {
	const width = Math.max(...pairs.map(([label]) => label.length));
	return pairs.map(([label, help]) => `  ${label.padEnd(width)}  ${help}`);
}

function text(lines: readonly string[]): string {
	return `${lines.map(line => line.trimEnd()).join('\n')}\n`;
}
