import {closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {codeOf, exitCodes, RaidError, StoreError, UsageError} from '../errors.ts';
import {readText} from '../files/text.ts';
import type {MessageId} from '../model/message.ts';
import type {Milliseconds} from '../model/time.ts';
import {parseJson} from '../validate.ts';
import {makeBox} from './box.ts';
import {type Answer, answerSchema, fileName, type Letter} from './letter.ts';

const {O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY} = constants;
const pollMs: Milliseconds = 50;

/**
 * Puts a letter into an outbox: whole, or not at all, and on the disk when this returns. Throws a UsageError when there is
 * no such outbox any more, a StoreError when it cannot be written.
 */
export function putLetter(folder: string, id: MessageId, letter: Letter): void {
	// The supervisor passes over names that begin with a dot.
	const fresh = join(folder, `.${fileName(id)}`);
	try {
		const file = openSync(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
		try {
			writeFileSync(file, JSON.stringify(letter));
			fsyncSync(file);
		} finally {
			closeSync(file);
		}
		renameSync(fresh, join(folder, fileName(id)));
	} catch (error) {
		removeQuietly(fresh);
		throw sendErrorOf(error, folder);
	}
}

/** Makes an outbox that no supervisor made. Throws a StoreError when it cannot be written. */
export function makeOutbox(folder: string): void {
	try {
		makeBox(folder);
	} catch (error) {
		throw sendErrorOf(error, folder);
	}
}

/** Waits for the answer to a letter, for at most `withinMs`; null when there is none by then. */
export async function awaitAnswer(
	folder: string,
	id: MessageId,
	withinMs: Milliseconds,
): Promise<Answer | null> {
	const path = join(folder, fileName(id));
	for (const end = performance.now() + withinMs; ; await delay(pollMs)) {
		const text = readText(path);
		if (text !== null) return parseJson(answerSchema, text, path) as Answer;
		if (performance.now() >= end) return null;
	}
}

function removeQuietly(path: string): void {
	try {
		rmSync(path, {force: true});
	} catch {
		// The error that led here says more.
	}
}

function sendErrorOf(error: unknown, folder: string): unknown {
	switch (codeOf(error)) {
		case 'ENOENT':
		case 'ENOTDIR':
			return new UsageError(
				`There is no outbox ${folder}: the spawn has ended, and speaks no more.`,
				'Nothing was posted.',
			);
		case 'EROFS':
		case 'EACCES':
		case 'EPERM':
			return new StoreError(
				`The outbox ${folder} cannot be written (${codeOf(error)}).`,
				'Nothing was posted. Your last text will be posted for you.',
			);
		case 'ENOSPC':
		case 'EDQUOT':
			return new RaidError(`The outbox ${folder} cannot be written (${codeOf(error)}).`, {
				hint: 'Nothing was posted. Free some space, then send again.',
				exitCode: exitCodes.notFine,
			});
		default:
			return error;
	}
}
