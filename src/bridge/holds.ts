import {NotFoundError} from '../errors.ts';
import type {MentionName} from '../model/action.ts';
import type {HoldReason, MentionRecord} from '../model/mention.ts';
import type {SpawnId} from '../model/spawn.ts';
import {findChannel} from '../store/channels.ts';
import {addChannelEvent} from '../store/events.ts';
import {addHold, removeHold} from '../store/guards.ts';
import {type LedgerEntry, listHeldMentions, settleMention} from '../store/messages.ts';
import {writing} from '../store/open.ts';
import {endSpawn, findSpawn, markKilled} from '../store/spawns.ts';
import type {World} from '../world.ts';
import {followUp, releaseMention} from './ledger.ts';

/** Stops launches that agents ask for, in a channel, or in all when it is null. What runs goes on. */
export function hold(world: World, channel: string | null, by: string): void {
	const {store} = world;
	writing(store, () => {
		requireChannel(world, channel);
		addHold(store, channel, by, world.now());
		addChannelEvent(store, 'hold', channel, by, world.now());
	});
}

// What the operator's own hold, the breaker or a reboot held; the rest was held for good reason, mention by mention.
const heldByHold: readonly string[] = ['hold', 'breaker', 'stopped', 'reboot'] satisfies HoldReason[];

/** Ends the hold of a channel (of all when it is null), closes its breaker, and releases what these and a reboot held. */
export function release(world: World, channel: string | null, by: string): readonly MentionRecord[] {
	const {store} = world;
	return writing(store, () => {
		requireChannel(world, channel);
		removeHold(store, channel);
		addChannelEvent(store, 'hold released', channel, by, world.now());
		const held = listHeldMentions(store).filter(entry => heldByHold.includes(entry.reason ?? ''));
		const chosen = held.filter(entry => channel === null || entry.channel === channel);
		for (const name of new Set([
			...chosen.map(entry => entry.channel),
			...(channel === null ? [] : [channel]),
		])) {
			addChannelEvent(store, 'breaker closed', name, by, world.now());
		}
		return chosen.map(entry => releaseMention(world, entry));
	});
}

/** Releases held mentions, whatever held them. Those that are not held (any more) are passed over. */
export function releaseMentions(
	world: World,
	names: readonly MentionName[],
	by: string,
): readonly MentionRecord[] {
	return settleEach(world, names, entry => {
		addChannelEvent(
			world.store,
			'mention released',
			entry.channel,
			`${entry.identity} by ${by}`,
			world.now(),
		);
		return releaseMention(world, entry);
	});
}

/** Drops held mentions for good. Those that are not held (any more) are passed over. */
export function dropMentions(
	world: World,
	names: readonly MentionName[],
	by: string,
): readonly MentionRecord[] {
	const {store} = world;
	return settleEach(world, names, entry => {
		addChannelEvent(store, 'mention dropped', entry.channel, `${entry.identity} by ${by}`, world.now());
		const record: MentionRecord = {...entry, outcome: 'dropped'};
		settleMention(store, record);
		if (entry.spawnId !== null) endUnwanted(world, entry.spawnId, by);
		return record;
	});
}

/** Ends a held spawn that no mention asks for any more; what waited behind it goes on. */
function endUnwanted(world: World, id: SpawnId, by: string): void {
	const {store} = world;
	if (listHeldMentions(store).some(entry => entry.spawnId === id) || !markKilled(store, id, by)) return;
	endSpawn(store, id, 'killed', null, world.now());
	const ended = findSpawn(store, id);
	if (ended !== null) followUp(world, ended);
}

function settleEach(
	world: World,
	names: readonly MentionName[],
	settle: (entry: LedgerEntry) => MentionRecord,
): readonly MentionRecord[] {
	const isNamed = (entry: LedgerEntry) =>
		names.some(({messageId, identity}) => messageId === entry.messageId && identity === entry.identity);
	return writing(world.store, () => listHeldMentions(world.store).filter(isNamed).map(settle));
}

function requireChannel(world: World, name: string | null): void {
	if (name !== null && findChannel(world.store, name) === null) {
		throw new NotFoundError(`There is no channel "${name}".`, 'List them: raid channels');
	}
}
