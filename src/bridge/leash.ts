import {type DecidedMention, holdReasonOf} from '../model/mention.ts';
import type {MessageId} from '../model/message.ts';
import {onceEach} from '../model/once-each.ts';
import {placeOf} from '../model/place.ts';
import type {Spawn, SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import {readGuard} from '../store/guards.ts';
import {findRoot, listUsedRoots, readOpenings, refillLeash} from '../store/leashes.ts';
import {type HeldMention, hasHeldFor, listHeldMentions, settleMention} from '../store/mentions.ts';
import {writing} from '../store/open.ts';
import {findSpawn} from '../store/spawns.ts';
import {limitsOf, type Workspace} from '../workspace/open.ts';
import {lastStop} from '../workspace/stop-file.ts';
import {decideAgain, isKilled, leftOf} from './ledger.ts';

/** Refills the leash of each chain that has reached a channel, because somebody who counts has spoken there. */
export function refillChains(workspace: Workspace, channel: string, by: string): void {
	const {store, now} = workspace;
	for (const root of listUsedRoots(store, channel)) refillLeash(store, root, {by, at: now()});
}

/**
 * Starts what the leash held and now lets go: oldest first, and the mentions of one agent and channel as one spawn. The
 * other guards are asked again. What waited through a reboot waits for the operator from now on. Returns the new spawns.
 */
export function startRefilled(workspace: Workspace): readonly SpawnId[] {
	const {store} = workspace;
	if (!hasHeldFor(store, 'leash')) return [];
	return writing(store, () => {
		const isStillWaiting = sortingOut(workspace);
		const waiting = listHeldByLeash(workspace).filter(isStillWaiting);
		const groups = Map.groupBy(waiting, ({identity, channel}) => `${identity} #${channel}`);
		let left = chainsLeft(workspace);
		return [...groups.values()].flatMap(group => {
			const started = startGroup(workspace, group, left);
			// A new spawn has used a leash.
			if (started.length > 0) left = chainsLeft(workspace);
			return started;
		});
	});
}

/** Returns how many spawns agents may trigger in the chain of a root message now. Each chain is read once. */
function chainsLeft(workspace: Workspace): (root: MessageId | null) => number {
	return onceEach(root => leftOf(workspace, root));
}

/** Returns the spawn that sent a message; null without one. Each is read once, because one may have sent very many. */
function rememberedSpawns({store}: Workspace): (id: SpawnId | null) => Spawn | null {
	return onceEach(id => (id === null ? null : findSpawn(store, id)));
}

/** The mentions that the leash holds, oldest first. */
export function listHeldByLeash({store}: Pick<Workspace, 'store'>): readonly HeldMention[] {
	return listHeldMentions(store).filter(({reason}) => reason === 'leash');
}

/** Returns what is false for a mention that this place may never start by itself; then the ledger says why. */
function sortingOut(workspace: Workspace): (entry: HeldMention) => boolean {
	const {store, now, home} = workspace;
	const stoppedAt = lastStop(home, now());
	const senderOf = rememberedSpawns(workspace);
	const settle = (mention: DecidedMention) => settleMention(store, mention, {by: null, at: now()});
	return entry => {
		const sender = senderOf(entry.senderSpawnId);
		const place = sender === null ? 'here' : placeOf(sender, workspace);
		if (place === 'elsewhere') return false;
		if (isKilled(sender)) settle({...entry, outcome: 'refused', reason: 'killed'});
		else if (stoppedAt !== null && entry.decidedAt <= stoppedAt)
			settle({...entry, outcome: 'held', reason: 'stopped'});
		else if (place === 'rebooted') settle({...entry, outcome: 'held', reason: 'reboot'});
		else return true;
		return false;
	};
}

/** Starts one spawn for the mentions of an agent in a channel, if one of their leashes lets it go. */
function startGroup(
	workspace: Workspace,
	group: readonly HeldMention[],
	leftIn: (root: MessageId | null) => number,
): readonly SpawnId[] {
	for (const entry of group) {
		const sender = {identity: entry.from, spawnId: entry.senderSpawnId};
		// A later "done" of the sender does not undo what the sender asked for before.
		const guard = {
			...readGuard(workspace.store, entry.channel, entry.identity, sender),
			isSenderDone: false,
			spawnsLeft: leftIn(findRoot(workspace.store, entry.messageId)),
		};
		const reason = holdReasonOf(guard, limitsOf(workspace));
		if (reason === 'leash') continue;
		if (reason !== null) {
			const held: DecidedMention = {...entry, outcome: 'held', reason};
			settleMention(workspace.store, held, {by: null, at: workspace.now()});
			continue;
		}
		const decided = decideAgain(workspace, entry, guard);
		// The others are answered by the same spawn, which takes nothing more of any leash.
		for (const other of group) {
			if (other !== entry) decideAgain(workspace, other, guard);
		}
		const isNew = decided.outcome === 'launched' || decided.outcome === 'queued';
		return isNew && decided.spawnId !== null ? [decided.spawnId] : [];
	}
	return [];
}

/** When the next mention that the leash holds may start by itself here, which may be in the past; null when none ever does. */
export function nextRefill(workspace: Workspace): Instant | null {
	const {store} = workspace;
	if (!hasHeldFor(store, 'leash')) return null;
	const opensAt = readOpenings(store, limitsOf(workspace).leash);
	const senderOf = rememberedSpawns(workspace);
	const starts = listHeldByLeash(workspace)
		.filter(({senderSpawnId}) => {
			const sender = senderOf(senderSpawnId);
			return sender === null || placeOf(sender, workspace) !== 'elsewhere';
		})
		.map(({messageId}) => opensAt(findRoot(store, messageId)))
		.filter(at => at !== null);
	return starts.length === 0 ? null : Math.min(...starts);
}

/** Makes what the leash holds wait for the operator, because everything was stopped. Within a transaction. */
export function holdRefilling(workspace: Workspace, by: string): void {
	for (const entry of listHeldByLeash(workspace)) {
		const stopped: DecidedMention = {...entry, outcome: 'held', reason: 'stopped'};
		settleMention(workspace.store, stopped, {by, at: workspace.now()});
	}
}
