import {UsageError} from '../errors.ts';
import type {Claim} from '../model/action.ts';
import {type Agent, isHuman, operatorIdentity, systemIdentity} from '../model/agent.ts';
import {type MentionRecord, mentionsIn, mostMentions} from '../model/mention.ts';
import {longestMessage, type Message, type MessageId} from '../model/message.ts';
import type {SpawnId} from '../model/spawn.ts';
import {findAgent} from '../store/agents.ts';
import {requireChannel} from '../store/channels.ts';
import {addMessage} from '../store/messages.ts';
import {writing} from '../store/open.ts';
import type {Workspace} from '../workspace/open.ts';
import {refillChains, startRefilled} from './leash.ts';
import {decideAndRecord, requireAgent} from './ledger.ts';

/** A message to post. */
export interface Post {
	/** The id that its sender chose; a new one when it is not given. */
	readonly id?: MessageId;
	readonly channel: string;
	/** Identity of the sender. */
	readonly from: string;
	/** The spawn that speaks; null for an operator. */
	readonly spawnId: SpawnId | null;
	readonly text: string;
	/** The claim of an agent about its task; null without one. */
	readonly claim: Claim | null;
}

/** A stored message, and the part of the ledger that it made. */
export interface Posted {
	readonly message: Message;
	readonly mentions: readonly MentionRecord[];
	/** New spawns of mentions that the leash held until this message refilled it. */
	readonly refilled: readonly SpawnId[];
}

/**
 * Stores a message, decides each of its mentions and creates the pending spawns, all in one transaction. It starts
 * nothing. Throws a UsageError or NotFoundError, and stores nothing, when the message cannot be posted.
 */
export function postMessage(workspace: Workspace, post: Post): Posted {
	const mentioned = requirePostable(post.text);
	return writing(workspace.store, () => {
		const {channel, from, spawnId, text, claim} = post;
		requireOpen(workspace, channel);
		const isAgent = requireSender(workspace, from).model !== null;
		if (claim !== null && !isAgent) throw new UsageError(`Only an agent can say that it is ${claim}.`);
		const message = {id: post.id ?? workspace.newId(), channel, from, text, at: workspace.now()};
		// Before the message is there: it is what the next one looks back to.
		if (!isAgent) refillChains(workspace, channel, from);
		addMessage(workspace.store, message, {spawnId, claim});
		const callsHuman = mentioned.some(name => isHuman(findAgent(workspace.store, name)));
		// A claim calls the operator, even when the text does not.
		const names = claim === null || callsHuman ? mentioned : [...mentioned, operatorIdentity];
		const isSettled = claim === 'done' || (callsHuman && claim !== 'blocked');
		const sender = {identity: from, spawnId, isAgent, claim, isSettled};
		const mentions = names.map(name => decideAndRecord(workspace, message, name, sender));
		return {message, mentions, refilled: isAgent ? [] : startRefilled(workspace)};
	});
}

/** Posts to a channel as the system; it triggers nobody. */
export function announce(workspace: Workspace, channel: string, text: string): void {
	const message = {id: workspace.newId(), channel, from: systemIdentity, text, at: workspace.now()};
	addMessage(workspace.store, message, {spawnId: null, claim: null});
}

function requirePostable(text: string): readonly string[] {
	if (text.trim() === '') throw new UsageError('The message is empty.', 'Nothing was posted.');
	const size = Buffer.byteLength(text);
	if (size > longestMessage) {
		throw new UsageError(
			`The message has ${size} bytes; the limit is ${longestMessage}.`,
			'Nothing was posted. Put the text in a file, and post its path.',
		);
	}
	const names = mentionsIn(text);
	if (names.length > mostMentions) {
		throw new UsageError(
			`The message mentions ${names.length} different names; the limit is ${mostMentions}.`,
			'Nothing was posted.',
		);
	}
	return names;
}

function requireOpen({store}: Workspace, name: string): void {
	const channel = requireChannel(store, name, `Create it: raid channels create ${name}`);
	if (channel.archivedAt !== null) throw new UsageError(`The channel "${name}" is archived.`);
}

function requireSender(workspace: Workspace, identity: string): Agent {
	const sender = requireAgent(workspace.store, identity);
	if (identity === systemIdentity) throw new UsageError(`Only raid itself posts as "${systemIdentity}".`);
	return sender;
}
