import {UsageError} from '../errors.ts';
import {longestMessage} from '../model/message.ts';
import {decodeText} from '../validate.ts';

/** The message on standard input, without a line break at its end. Throws a UsageError when that is a terminal. */
export async function readInput(): Promise<string> {
	if (process.stdin.isTTY)
		throw new UsageError(
			'There is no message on standard input.',
			'Pipe one in, or write it in place of "-".',
		);
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of process.stdin) {
		chunks.push(chunk as Buffer);
		size += (chunk as Buffer).length;
		// More than this is refused anyway.
		if (size > 2 * longestMessage) break;
	}
	const bytes = Buffer.concat(chunks);
	// A text that was cut may be cut within a character; it is refused for its length.
	const text = size > longestMessage ? bytes.toString() : decodeText(bytes, 'The message');
	return text.replace(/\n$/, '');
}
