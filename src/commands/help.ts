import {type Command, command, type Program} from '../cli/command.ts';
import {commandHelp, generalHelp} from '../cli/help.ts';
import {commandNamed} from '../cli/parse.ts';
import {textRow} from '../cli/rows.ts';

/** `raid help`, of the program that `program` returns once every command is known. */
export function helpCommand(program: () => Program): Command {
	return command({
		name: 'help',
		group: 'help',
		summary: 'Explain raid, or one command.',
		arguments: [
			{
				name: 'command',
				type: 'text',
				isOptional: true,
				isRepeated: true,
				help: 'the command to explain; without one, every command is listed',
			},
		],
		examples: ['raid help', 'raid help send', 'raid help channels create'],
		run({command: words}) {
			const help = words.length === 0 ? generalHelp(program()) : commandHelp(commandNamed(words, program()));
			return {document: {help}, rows: help.trimEnd().split('\n').map(textRow)};
		},
	});
}
