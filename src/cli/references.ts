import type {Backend} from '../backend/backend.ts';
import {NotFoundError, UsageError} from '../errors.ts';
import type {MentionName} from '../model/action.ts';
import type {Alert} from '../model/alert.ts';
import type {LedgerEntry} from '../model/mention.ts';
import {type SpawnId, shortId} from '../model/spawn.ts';

/** The spawn that a prefix or suffix of its id names. Throws a NotFoundError unless exactly one matches. */
export function chooseSpawn({findSpawnIds}: Pick<Backend, 'findSpawnIds'>, name: string): SpawnId {
	return only(findSpawnIds(partOf(name)), name);
}

function partOf(name: string): string {
	const part = name.replace(/^#/, '').toLowerCase();
	if (part === '')
		throw new UsageError('Name a spawn by a prefix or suffix of its id.', 'List them: raid spawns');
	return part;
}

function only([first, ...others]: readonly SpawnId[], name: string): SpawnId {
	if (first === undefined)
		throw new NotFoundError(`No spawn id begins or ends with "${name}".`, 'List them: raid spawns');
	if (others.length > 0) {
		throw new NotFoundError(
			`"${name}" matches ${others.length + 1} spawns: ${[first, ...others].slice(0, 4).join(', ')}${others.length > 3 ? ' …' : ''}.`,
			'Type more of it.',
		);
	}
	return first;
}

/** The name of a mention for people: the end of its message's id, and the agent. */
export function mentionName({messageId, identity}: MentionName): string {
	return `${shortId(messageId)}@${identity}`;
}

/** The argument that names held mentions: each by its name, or all of a channel. */
export const heldArgument = {
	name: 'held',
	label: 'CHANNEL|MENTION',
	type: 'text',
	isOptional: true,
	isRepeated: true,
} as const;

/**
 * The held mentions that the words name. A word is the name of a mention, as `raid mentions` lists it, or a channel.
 * Throws a NotFoundError for a word that names none.
 */
export function chooseHeld(held: readonly LedgerEntry[], words: readonly string[]): readonly LedgerEntry[] {
	const isNamed = (entry: LedgerEntry, word: string) => {
		const [message, identity] = word.split('@');
		if (identity === undefined) return entry.channel === word;
		return message !== '' && entry.messageId.endsWith(message ?? '') && entry.identity === identity;
	};
	return chosen(held, words, isNamed, word => `No held mention is called "${word}".`, 'raid mentions --held');
}

/**
 * The alerts that the words name. A word is a prefix of an alert's id, its kind, or a prefix or suffix of its spawn's id.
 * Throws a NotFoundError for a word that names none.
 */
export function chooseAlerts(alerts: readonly Alert[], words: readonly string[]): readonly Alert[] {
	const isNamed = ({id, kind, spawn}: Alert, word: string) => {
		const part = word.replace(/^#/, '').toLowerCase();
		const isOfSpawn = part !== '' && spawn !== null && (spawn.startsWith(part) || spawn.endsWith(part));
		return (part !== '' && id.startsWith(part)) || kind === word || isOfSpawn;
	};
	return chosen(alerts, words, isNamed, word => `No open alert is called "${word}".`, 'raid alerts');
}

/** The entries that the words name, in their own order. */
function chosen<T>(
	entries: readonly T[],
	words: readonly string[],
	isNamed: (entry: T, word: string) => boolean,
	complaint: (word: string) => string,
	list: string,
): readonly T[] {
	for (const word of words) {
		if (!entries.some(entry => isNamed(entry, word)))
			throw new NotFoundError(complaint(word), `List them: ${list}`);
	}
	return entries.filter(entry => words.some(word => isNamed(entry, word)));
}
