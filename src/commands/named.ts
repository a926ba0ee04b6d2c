import {NotFoundError, UsageError} from '../errors.ts';
import {spawnMarker} from '../launcher/environment.ts';
import type {MentionName} from '../model/action.ts';
import {type SpawnId, shortId} from '../model/spawn.ts';
import {type LedgerEntry, listHeldMentions} from '../store/messages.ts';
import {findSpawnIds} from '../store/spawns.ts';
import type {World} from '../world.ts';

/** The spawn that a prefix or suffix of its id names. Throws a NotFoundError when none fits, or several do. */
export function requireSpawn({store}: World, name: string): SpawnId {
	return only(findSpawnIds(store, partOf(name)), name);
}

/** The same, of spawns that were read already. */
export function chooseSpawn(spawns: readonly {readonly id: SpawnId}[], name: string): SpawnId {
	const part = partOf(name);
	return only(
		spawns.map(({id}) => id).filter(id => id.startsWith(part) || id.endsWith(part)),
		name,
	);
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
export function requireHeld({store}: World, words: readonly string[]): readonly LedgerEntry[] {
	const held = listHeldMentions(store);
	const isNamed = (entry: LedgerEntry, word: string) => {
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
