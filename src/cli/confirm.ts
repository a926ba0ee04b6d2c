import {createInterface} from 'node:readline/promises';
import {UsageError} from '../errors.ts';

/** Asks a question on the terminal; true for yes. Throws a UsageError where nobody can answer. */
export async function confirm(question: string): Promise<boolean> {
	if (!process.stdin.isTTY)
		throw new UsageError(
			'Nobody can be asked: standard input is not a terminal.',
			'To confirm it, add --yes.',
		);
	// The terminal itself edits the line: nothing of ours sends it a sequence.
	const asked = createInterface({input: process.stdin, output: process.stderr, terminal: false});
	try {
		return /^y(es)?$/i.test((await asked.question(`${question} [y/N] `)).trim());
	} finally {
		asked.close();
	}
}
