import type {HoldScope, MentionName} from '../model/action.ts';
import type {DecidedMention, MentionRecord} from '../model/mention.ts';
import type {SpawnId} from '../model/spawn.ts';
import {closeBreaker, listChannels, requireChannel} from '../store/channels.ts';
import {addHold, isOnHold, listHolds, removeHold} from '../store/holds.ts';
import {endSpawn, markKilled} from '../store/life.ts';
import {type HeldMention, listHeldMentions, settleMention} from '../store/mentions.ts';
import {writing} from '../store/open.ts';
import {findSpawn} from '../store/spawns.ts';
import type {Workspace} from '../workspace/open.ts';
import {followUp, releaseMention, requireAgent} from './ledger.ts';

/** Stops launches that agents ask for: in a channel, of an agent, or all. Running spawns continue. */
export function hold(workspace: Workspace, scope: HoldScope, by: string): void {
	const {store} = workspace;
	writing(store, () => {
		requireSubject(workspace, scope);
		addHold(store, scope, by, workspace.now());
	});
}

/** The end of a hold, and the mentions that it released. */
export interface Lifted {
	/** False when there was no hold to lift. */
	readonly wasHeld: boolean;
	/** Another hold, such as that of all channels, still stops agents there. */
	readonly isStillHeld: boolean;
	readonly mentions: readonly MentionRecord[];
}

/** Ends a hold, closes the breaker of its channels, and releases what these, a stop and a reboot held. */
export function liftHold(workspace: Workspace, scope: HoldScope, by: string): Lifted {
	const {store} = workspace;
	return writing(store, () => {
		requireSubject(workspace, scope);
		const wasHeld = removeHold(store, scope, by, workspace.now());
		for (const {name} of listChannels(store)) {
			if (scope.type === 'all' || (scope.type === 'channel' && scope.channel === name)) {
				closeBreaker(store, name, by, workspace.now());
			}
		}
		const chosen = listHeldMentions(store).filter(
			entry => isWithin(entry, scope) && isReleasedByLift(workspace, entry, scope),
		);
		const isStillHeld = scope.type !== 'all' && listHolds(store).some(({type}) => type === 'all');
		return {wasHeld, isStillHeld, mentions: chosen.map(entry => releaseMention(workspace, entry, by))};
	});
}

function isWithin({channel, identity}: HeldMention, scope: HoldScope): boolean {
	switch (scope.type) {
		case 'all':
			return true;
		case 'channel':
			return channel === scope.channel;
		case 'agent':
			return identity === scope.agent;
	}
}

// The operator's own hold, the breaker, a stop, a reboot and a missing install end with the lift; the guards held the rest, one by one.
function isReleasedByLift({store}: Workspace, entry: HeldMention, scope: HoldScope): boolean {
	switch (entry.reason) {
		case 'hold':
			return !isOnHold(store, entry.channel, entry.identity);
		case 'breaker':
			return scope.type !== 'agent';
		case 'provider':
		case 'stopped':
		case 'reboot':
		case 'install':
			return true;
		default:
			return false;
	}
}

/** Releases held mentions, whatever the reason of the hold. Skips those that are no longer held. */
export function releaseMentions(
	workspace: Workspace,
	names: readonly MentionName[],
	by: string,
): readonly MentionRecord[] {
	return settleEach(workspace, names, entry => releaseMention(workspace, entry, by));
}

/** Drops held mentions for good. Skips those that are no longer held. */
export function dropMentions(
	workspace: Workspace,
	names: readonly MentionName[],
	by: string,
): readonly MentionRecord[] {
	return settleEach(workspace, names, entry => {
		const dropped: DecidedMention = {...entry, outcome: 'dropped'};
		settleMention(workspace.store, dropped, {by, at: workspace.now()});
		if (entry.spawnId !== null) endUnwanted(workspace, entry.spawnId, by);
		return dropped;
	});
}

/** Ends a held spawn that no mention asks for any more, and creates the follow-up spawn of the mentions that waited for it. */
function endUnwanted(workspace: Workspace, id: SpawnId, by: string): void {
	const {store} = workspace;
	if (listHeldMentions(store).some(entry => entry.spawnId === id)) return;
	if (!markKilled(store, id, by, workspace.now())) return;
	endSpawn(store, id, {status: 'killed', failure: null}, workspace.now());
	const ended = findSpawn(store, id);
	if (ended !== null) followUp(workspace, ended);
}

function settleEach(
	workspace: Workspace,
	names: readonly MentionName[],
	settle: (entry: HeldMention) => MentionRecord,
): readonly MentionRecord[] {
	const isNamed = (entry: HeldMention) =>
		names.some(({messageId, identity}) => messageId === entry.messageId && identity === entry.identity);
	return writing(workspace.store, () => listHeldMentions(workspace.store).filter(isNamed).map(settle));
}

function requireSubject({store}: Workspace, scope: HoldScope): void {
	if (scope.type === 'channel') requireChannel(store, scope.channel);
	if (scope.type === 'agent') requireAgent(store, scope.agent);
}
