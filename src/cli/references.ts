import type {Backend} from '../backend/backend.ts';
import {NotFoundError, UsageError} from '../errors.ts';
import type {MentionName} from '../model/action.ts';
import {type SpawnId, shortId} from '../model/spawn.ts';
import {spawnMarker} from '../process/markers.ts';
import {listHeldMentions, type WaitingMention} from '../store/mentions.ts';
import type {Workspace} from '../workspace/open.ts';

/** The spawn that a prefix or suffix of its id names. Throws a NotFoundError when none fits, or several do. */
export function chooseSpawn({findSpawnIds}: Pick<Backend, 'findSpawnIds'>, name: string): SpawnId {
	return only(findSpawnIds(partOf(name)), name);
}

function partOf(name: string): string {
	const part = name.replace(/^#/, '').toLowerCase();
	if (part === '')
		throw new UsageError('A spawn is named by a prefix or suffix of its id.', 'List them: raid spawns');
	return part;
}

function only([first, ...others]: readonly SpawnId[], name: string): SpawnId {
	if (first === undefined) throw new NotFoundError(`No spawn is called "${name}".`, 'List them: raid spawns');
	if (others.length > 0) {
		throw new NotFoundError(
			`"${name}" fits ${others.length + 1} spawns: ${[first, ...others].slice(0, 4).join(', ')}${others.length > 3 ? ' …' : ''}.`,
			'Name more of the id.',
		);
	}
	return first;
}

/** Throws a UsageError inside a spawn: an agent must not undo what holds it, nor give itself more than it has. */
export function requireOperator({env}: {readonly env: NodeJS.ProcessEnv}): void {
	if (env[spawnMarker] === undefined) return;
	throw new UsageError('Only the operator may do that.', 'Ask for it in the channel: mention @human.');
}

/** The name of a mention for people: the end of its message's id, and the agent. */
export function mentionName({messageId, identity}: MentionName): string {
	return `${shortId(messageId)}@${identity}`;
}

/** The held mentions that the words name: each a name as listed, or a channel. Throws a NotFoundError when one names none. */
export function requireHeld({store}: Workspace, words: readonly string[]): readonly WaitingMention[] {
	const held = listHeldMentions(store);
	const isNamed = (entry: WaitingMention, word: string) => {
		const [message, identity] = word.split('@');
		if (identity === undefined) return entry.channel === word;
		return message !== '' && entry.messageId.endsWith(message ?? '') && entry.identity === identity;
	};
	for (const word of words) {
		if (!held.some(entry => isNamed(entry, word))) {
			throw new NotFoundError(`No held mention is called "${word}".`, 'List them: raid mentions --held');
		}
	}
	return held.filter(entry => words.some(word => isNamed(entry, word)));
}
