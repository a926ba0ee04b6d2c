import {type Command, command, type Program} from '../cli/command.ts';
import {completionScript, type Shell, shells} from '../cli/completion.ts';
import {span} from '../text/row.ts';

/** `raid completion`, of the program that `program` returns once every command is known. */
export function completionCommand(program: () => Program): Command {
	return command({
		name: 'completion',
		group: 'help',
		summary: 'Print a script that completes commands and flags in your shell.',
		arguments: [{name: 'shell', type: 'text', choices: shells}],
		examples: ['eval "$(raid completion bash)"', 'raid completion fish | source'],
		run({shell}) {
			const script = completionScript(shell as Shell, program());
			return {
				document: {shell, script},
				rows: script
					.trimEnd()
					.split('\n')
					.map(line => [span(line)]),
			};
		},
	});
}
