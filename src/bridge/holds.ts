import {NotFoundError} from '../errors.ts';
import type {HoldScope, MentionName} from '../model/action.ts';
import type {HoldReason, MentionRecord} from '../model/mention.ts';
import type {SpawnId} from '../model/spawn.ts';
import {findChannel} from '../store/channels.ts';
import {addChannelEvent} from '../store/events.ts';
import {addHold, listHolds, removeHold} from '../store/guards.ts';
import {listHeldMentions, settleMention, type WaitingMention} from '../store/messages.ts';
import {writing} from '../store/open.ts';
import {endSpawn, findSpawn, markKilled} from '../store/spawns.ts';
import type {Workspace} from '../workspace/open.ts';
import {followUp, releaseMention} from './ledger.ts';

/** Stops launches that agents ask for, in a channel or in all. What runs continues. */
export function hold(workspace: Workspace, scope: HoldScope, by: string): void {
	const {store} = workspace;
	const channel = channelOf(scope);
	writing(store, () => {
		requireChannel(workspace, channel);
		addHold(store, channel, by, workspace.now());
		addChannelEvent(store, 'hold', channel, by, workspace.now());
	});
}

function channelOf(scope: HoldScope): string | null {
	if (scope.type === 'agent') throw new Error('an agent cannot be held yet');
	return scope.type === 'all' ? null : scope.channel;
}

// What the operator's own hold, the breaker or a reboot held; the rest was held for good reason, mention by mention.
const heldByHold: readonly string[] = ['hold', 'breaker', 'stopped', 'reboot'] satisfies HoldReason[];

/** Ends a hold, closes the breaker of its channels, and releases what these, a stop and a reboot held. */
export function liftHold(
	workspace: Workspace,
	scope: HoldScope,
	by: string,
): {readonly wasHeld: boolean; readonly mentions: readonly MentionRecord[]} {
	const {store} = workspace;
	const channel = channelOf(scope);
	return writing(store, () => {
		requireChannel(workspace, channel);
		const wasHeld = listHolds(store).some(name => channel === null || name === channel);
		removeHold(store, channel);
		addChannelEvent(store, 'hold released', channel, by, workspace.now());
		const held = listHeldMentions(store).filter(entry => heldByHold.includes(entry.reason ?? ''));
		const chosen = held.filter(entry => channel === null || entry.channel === channel);
		for (const name of new Set([
			...chosen.map(entry => entry.channel),
			...(channel === null ? [] : [channel]),
		])) {
			addChannelEvent(store, 'breaker closed', name, by, workspace.now());
		}
		return {wasHeld, mentions: chosen.map(entry => releaseMention(workspace, entry))};
	});
}

/** Releases held mentions, whatever held them. Those that are not held (any more) are passed over. */
export function releaseMentions(
	workspace: Workspace,
	names: readonly MentionName[],
	by: string,
): readonly MentionRecord[] {
	return settleEach(workspace, names, entry => {
		addChannelEvent(
			workspace.store,
			'mention released',
			entry.channel,
			`${entry.identity} by ${by}`,
			workspace.now(),
		);
		return releaseMention(workspace, entry);
	});
}

/** Drops held mentions for good. Those that are not held (any more) are passed over. */
export function dropMentions(
	workspace: Workspace,
	names: readonly MentionName[],
	by: string,
): readonly MentionRecord[] {
	const {store} = workspace;
	return settleEach(workspace, names, entry => {
		addChannelEvent(store, 'mention dropped', entry.channel, `${entry.identity} by ${by}`, workspace.now());
		const record: MentionRecord = {...entry, outcome: 'dropped'};
		settleMention(store, record);
		if (entry.spawnId !== null) endUnwanted(workspace, entry.spawnId, by);
		return record;
	});
}

/** Ends a held spawn that no mention asks for any more; what waited behind it goes on. */
function endUnwanted(workspace: Workspace, id: SpawnId, by: string): void {
	const {store} = workspace;
	if (listHeldMentions(store).some(entry => entry.spawnId === id) || !markKilled(store, id, by)) return;
	endSpawn(store, id, 'killed', null, workspace.now());
	const ended = findSpawn(store, id);
	if (ended !== null) followUp(workspace, ended);
}

function settleEach(
	workspace: Workspace,
	names: readonly MentionName[],
	settle: (entry: WaitingMention) => MentionRecord,
): readonly MentionRecord[] {
	const isNamed = (entry: WaitingMention) =>
		names.some(({messageId, identity}) => messageId === entry.messageId && identity === entry.identity);
	return writing(workspace.store, () => listHeldMentions(workspace.store).filter(isNamed).map(settle));
}

function requireChannel(workspace: Workspace, name: string | null): void {
	if (name !== null && findChannel(workspace.store, name) === null) {
		throw new NotFoundError(`There is no channel "${name}".`, 'List them: raid channels');
	}
}
