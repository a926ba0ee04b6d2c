import {type Argument, type Command, type Flags, globalFlags, type Program} from './command.ts';
import {kebab} from './usage.ts';

/** The shells that a completion script can be written for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/** The script that makes a shell complete the commands, flags and fixed values of `raid`. */
export function completionScript(shell: Shell, program: Program): string {
	return scripts[shell](casesOf(program));
}

/** The words that may follow one command. */
interface Case {
	/** Empty for `raid` itself. */
	readonly name: string;
	readonly summary: string;
	readonly words: readonly string[];
	readonly flags: readonly {readonly dashed: string; readonly help: string; readonly takesValue: boolean}[];
}

const scripts: Readonly<Record<Shell, (cases: readonly Case[]) => string>> = {bash, zsh, fish};

function casesOf({commands, defaultCommand}: Program): readonly Case[] {
	const listed = commands.filter(command => command.group !== null);
	const first = [...new Set(listed.map(({name}) => name.split(' ')[0] as string))];
	const caseOf = (command: Command): Case => ({
		name: command.name,
		summary: command.summary,
		words: [
			...listed.flatMap(({name}) => secondWordAfter(command.name, name)),
			...command.arguments.flatMap(({choices = []}: Argument) => choices),
		],
		flags: flagsOf({...command.flags, ...globalFlags}),
	});
	const outer = caseOf(defaultCommand);
	return [{...outer, words: first}, ...listed.map(caseOf)];
}

function secondWordAfter(first: string, name: string): readonly string[] {
	return first !== '' && name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : [];
}

function flagsOf(flags: Flags): Case['flags'] {
	return Object.entries(flags).map(([name, {type, isOn, help}]) => ({
		dashed: `--${isOn ? 'no-' : ''}${kebab(name)}`,
		help,
		takesValue: type !== 'boolean',
	}));
}

const offeredWords = ({words, flags}: Case) => [...words, ...flags.map(({dashed}) => dashed)].join(' ');

/** The branches of a `case` statement. Commands of two words come first, because their first word may be a command too. */
function branches(cases: readonly Case[], act: (words: string) => string): string {
	const named = cases.filter(({name}) => name !== '').toSorted((a, b) => b.name.length - a.name.length);
	return [
		...named.map(
			one =>
				`\t\t${one.name.includes(' ') ? `"${one.name}"` : `"${one.name} "*`}) ${act(offeredWords(one))} ;;`,
		),
		...cases.filter(({name}) => name === '').map(one => `\t\t*) ${act(offeredWords(one))} ;;`),
	].join('\n');
}

function bash(cases: readonly Case[]): string {
	return `# raid completion: eval "$(raid completion bash)"
_raid() {
	local current="\${COMP_WORDS[COMP_CWORD]}" first="" second="" words
	[ "$COMP_CWORD" -gt 1 ] && first="\${COMP_WORDS[1]}"
	[ "$COMP_CWORD" -gt 2 ] && second="\${COMP_WORDS[2]}"
	case "$first $second" in
${branches(cases, words => `words="${words}"`)}
	esac
	COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _raid raid
`;
}

function zsh(cases: readonly Case[]): string {
	return `#compdef raid
# raid completion: eval "$(raid completion zsh)"
_raid() {
	local first="" second=""
	(( CURRENT > 2 )) && first="\${words[2]}"
	(( CURRENT > 3 )) && second="\${words[3]}"
	case "$first $second" in
${branches(cases, words => `compadd -- ${words}`)}
	esac
	_files
}
compdef _raid raid
`;
}

function fish(cases: readonly Case[]): string {
	const lines = cases.flatMap(({name, words, flags}) => {
		const when = name === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${name}`;
		const summaries = new Map(cases.map(one => [one.name, one.summary]));
		return [
			...words.map(word => {
				const summary = summaries.get(name === '' ? word : `${name} ${word}`) ?? '';
				return `complete -c raid -n '${when}' -a ${word} -d ${quoted(summary)}`;
			}),
			...flags.map(
				({dashed, help, takesValue}) =>
					`complete -c raid -n '${when}' -l ${dashed.slice(2)}${takesValue ? ' -r' : ''} -d ${quoted(help)}`,
			),
		];
	});
	return `# raid completion: raid completion fish | source\n${lines.join('\n')}\n`;
}

function quoted(text: string): string {
	return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
