import {setTimeout as delay} from 'node:timers/promises';
import type {Backend} from '../backend/backend.ts';
import {command, type Stream} from '../cli/command.ts';
import {messageDocument} from '../documents/message.ts';
import {UsageError} from '../errors.ts';
import type {MessageWithMentions} from '../model/message.ts';
import {type Row, span} from '../text/row.ts';
import {sanitise, sanitiseLine} from '../text/sanitise.ts';
import {clock} from '../text/time.ts';

const pollMs = 250;

export const recv = command({
	name: 'recv',
	group: 'talk',
	summary: 'Print the messages of a channel in full.',
	arguments: [{name: 'channel', type: 'channel'}],
	flags: {
		tail: {type: 'number', value: 'N', help: 'only the last N messages'},
		follow: {type: 'boolean', help: 'then print each new message, until interrupted'},
	},
	examples: ['raid recv general --tail 20 --follow'],
	async run({channel}, {tail, follow = false}, {openBackend, terminal}) {
		if (tail !== undefined && !(Number.isInteger(tail) && tail >= 0))
			throw new UsageError('--tail takes a whole number of at least 0.');
		return followMessages(await openBackend(), channel, tail, follow ? terminal.closed : null);
	},
});

/** Yields the last `tail` messages of a channel, then new ones until `closed` is aborted; no new ones when it is null. */
async function* followMessages(
	backend: Backend,
	channel: string,
	tail: number | undefined,
	closed: AbortSignal | null,
): Stream {
	let version = backend.version();
	// With a tail of 0 the newest message is read, not shown: new ones come after it.
	let messages = backend.readMessages(channel, {after: null, limit: tail === 0 ? 1 : (tail ?? -1)});
	let after: string | null = null;
	for (let isSkipped = tail === 0; ; isSkipped = false) {
		if (!isSkipped) {
			for (const message of messages) yield {document: messageDocument(message), rows: rowsOf(message)};
		}
		after = messages.at(-1)?.id ?? after;
		if (closed === null) return undefined;
		for (; backend.version() === version; await delay(pollMs)) {
			if (closed.aborted) return undefined;
		}
		version = backend.version();
		messages = backend.readMessages(channel, {after, limit: -1});
	}
}

function rowsOf({at, from, text, mentions}: MessageWithMentions): readonly Row[] {
	const [first = '', ...more] = sanitise(text).trimEnd().split('\n');
	return [
		[span(`${clock(at)} ${sanitiseLine(from)}: ${first}`)],
		// Indented, so that a text cannot pass itself off as another message.
		...more.map(line => [span(`  ${line}`)]),
		...mentions.map(({identity, outcome, reason}) => [
			span(`  → @${sanitiseLine(identity)} ${outcome}${reason === null ? '' : ` (${sanitiseLine(reason)})`}`),
		]),
	];
}
