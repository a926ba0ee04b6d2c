import {type ExitCode, RaidError} from '../errors.ts';
import type {Action, Results} from '../model/action.ts';
import {type Milliseconds, second} from '../model/time.ts';
import {awaitAnswer, makeOutbox, putLetter} from '../outbox/send.ts';
import {type Inside, requireVoice} from '../workspace/inside.ts';
import {isOfOlderVersion} from '../workspace/older.ts';
import {platform} from '../workspace/open.ts';
import {answerFolder, outboxFolder} from '../workspace/paths.ts';

const answerWithinMs: Milliseconds = 5 * second;

/** The answer of a supervisor that did not post a message. */
class RefusedError extends RaidError {
	override readonly name = 'RefusedError';
}

/**
 * Posts a message from inside a spawn: puts it into the outbox, and waits a few seconds for the supervisor, which posts it
 * as the spawn's agent. It needs no store. Throws a UsageError when the spawn has ended, a StoreError when the outbox
 * cannot be written, and the supervisor's refusal.
 */
export async function speak(
	home: string,
	inside: Inside,
	{channel, text, as, claim}: Action & {type: 'post'},
): Promise<Results['post']> {
	requireVoice(inside);
	const {spawnId} = inside;
	const id = platform.newId();
	const outbox = outboxFolder(home, spawnId);
	// The next supervisor, or the first command after its end, takes it from there.
	if (isOfOlderVersion(home, spawnId)) makeOutbox(outbox);
	putLetter(outbox, id, {channel, text, as, claim});
	const answer = await awaitAnswer(answerFolder(home, spawnId), id, answerWithinMs);
	if (answer === null) return {messageId: id, isPosted: false, mentions: []};
	if (answer.type === 'posted') return {messageId: id, isPosted: true, mentions: answer.mentions};
	const {message, hint, exitCode} = answer;
	throw new RefusedError(message, {hint, exitCode: exitCode as ExitCode});
}
