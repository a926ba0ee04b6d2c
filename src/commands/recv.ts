import {setTimeout as delay} from 'node:timers/promises';
import {type Context, command} from '../cli/command.ts';
import {requireArguments} from '../cli/print.ts';
import {mentionDocument, time} from '../documents/documents.ts';
import {UsageError} from '../errors.ts';
import type {MessageWithMentions} from '../model/message.ts';
import {sanitise, sanitiseLine} from '../text/sanitise.ts';
import {clock} from '../text/time.ts';

const pollMs = 250;

export const recv = command({
	name: 'recv',
	summary: 'Print the messages of a channel, whole.',
	usage: 'raid recv CHANNEL [--tail N] [--follow]',
	flags: {
		tail: {type: 'number', value: 'N', help: 'only the last N messages'},
		follow: {type: 'boolean', help: 'then go on with each new one, until interrupted'},
	},
	async run(input, {tail = -1, follow = false}, context) {
		const {CHANNEL: channel} = requireArguments(input, ['CHANNEL'], recv.usage);
		if (!Number.isInteger(tail)) throw new UsageError('--tail takes a whole number.');
		const backend = await context.openBackend();
		let version = backend.version();
		let after = tail === 0 ? (backend.readMessages(channel, {after: null, limit: 1})[0]?.id ?? null) : null;
		let limit = tail === 0 ? -1 : tail;
		for (;;) {
			const messages = backend.readMessages(channel, {after, limit});
			for (const message of messages) printMessage(message, context);
			after = messages.at(-1)?.id ?? after;
			limit = -1;
			if (!follow) return;
			for (; backend.version() === version; await delay(pollMs)) {
				if (context.terminal.closed.aborted) return;
			}
			version = backend.version();
		}
	},
});

/** One message: as text, or as one line of JSON, so that a reader can follow the stream. */
function printMessage(message: MessageWithMentions, {flags, terminal}: Context): void {
	if (flags.json) {
		const {at, mentions, ...rest} = message;
		const ledger = mentions.map(mentionDocument);
		terminal.print(`${JSON.stringify({version: 1, ...rest, at: time(at), mentions: ledger})}\n`);
		return;
	}
	const ledger = message.mentions.map(
		({identity, outcome, reason}) =>
			`  → @${sanitiseLine(identity)} ${outcome}${reason === null ? '' : ` (${reason})`}\n`,
	);
	// Indented: a text cannot pass itself off as another message.
	const text = sanitise(message.text).trimEnd().replaceAll('\n', '\n  ');
	terminal.print(`${clock(message.at)} ${sanitiseLine(message.from)}: ${text}\n${ledger.join('')}`);
}
