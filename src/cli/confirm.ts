import {createInterface} from 'node:readline/promises';
import {UsageError} from '../errors.ts';
import type {Context} from './command.ts';

/**
 * Asks a question that is answered with yes or no, on the terminal; anything but yes is no. Throws a UsageError where
 * nobody can answer.
 */
export async function confirm({terminal}: Pick<Context, 'terminal'>, question: string): Promise<boolean> {
	if (!process.stdin.isTTY)
		throw new UsageError(
			'Nobody can be asked: standard input is not a terminal.',
			'To confirm it, add --yes.',
		);
	terminal.warn(`${question} [y/N]`);
	// Without its own line editing, so that Ctrl+C ends the program as usual.
	const lines = createInterface({input: process.stdin, terminal: false});
	try {
		for await (const line of lines) return /^y(?:es)?$/i.test(line.trim());
		return false;
	} finally {
		lines.close();
	}
}
