import {perform} from '../actions/perform.ts';
import {command} from '../cli/command.ts';
import {printJson, requireArguments} from '../cli/print.ts';
import {mentionDocument} from '../documents/documents.ts';
import {UsageError} from '../errors.ts';
import {longestMessage} from '../model/message.ts';
import {decodeText} from '../validate.ts';
import {describeMention} from '../view/result.ts';

export const send = command({
	name: 'send',
	summary: 'Post a message; each agent that it mentions is launched.',
	usage:
		'raid send CHANNEL MESSAGE [--as ID]   (MESSAGE "-": read it from standard input; one that starts with "-": after --)',
	flags: {
		as: {
			type: 'string',
			value: 'ID',
			help: 'speak as this identity; default: human, inside a spawn its agent',
		},
	},
	inSpaceOs: 'Its own: bridge send CHANNEL MESSAGE --as HUMAN',
	async run(input, {as}, context) {
		const {CHANNEL: channel, MESSAGE} = requireArguments(input, ['CHANNEL', 'MESSAGE'], send.usage);
		const text = MESSAGE === '-' ? await readInput() : MESSAGE;
		const action = {type: 'post', channel, text, as: as ?? null, claim: null} as const;
		const result = await perform(await context.openWorkspace(), action);
		if (context.flags.json) {
			const mentions = result.mentions.map(mentionDocument);
			printJson({version: 1, message: result.messageId, channel, mentions}, context);
		} else
			context.terminal.print(
				`Posted to #${channel}.\n${result.mentions.map(mention => `${describeMention(mention)}\n`).join('')}`,
			);
	},
});

async function readInput(): Promise<string> {
	if (process.stdin.isTTY)
		throw new UsageError(
			'There is no message on standard input.',
			'Pipe one in, or end it with "-" left away.',
		);
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of process.stdin) {
		chunks.push(chunk as Buffer);
		size += (chunk as Buffer).length;
		// More is refused anyway: no need to hold it.
		if (size > 2 * longestMessage) break;
	}
	const bytes = Buffer.concat(chunks);
	// What is cut here may be cut within a character, and is refused for its length.
	const text = size > longestMessage ? bytes.toString() : decodeText(bytes, 'The message');
	return text.replace(/\n$/, '');
}
