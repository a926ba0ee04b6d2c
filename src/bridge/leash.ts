import {opensAt} from '../model/leash.ts';
import {type DecidedMention, holdReasonOf} from '../model/mention.ts';
import {placeOf} from '../model/place.ts';
import type {SpawnId} from '../model/spawn.ts';
import type {Instant} from '../model/time.ts';
import {findRoot, listLeashUses, listUsedRoots, refillLeash} from '../store/leashes.ts';
import {type HeldMention, hasHeldFor, listHeldMentions, settleMention} from '../store/mentions.ts';
import {writing} from '../store/open.ts';
import {findSpawn} from '../store/spawns.ts';
import {limitsOf, type Workspace} from '../workspace/open.ts';
import {lastStop} from '../workspace/stop-file.ts';
import {decideAgain, guardOf, isKilled, leftOf} from './ledger.ts';

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
		const waiting = listHeldByLeash(workspace).filter(entry => isStillWaiting(workspace, entry));
		const groups = Map.groupBy(waiting, ({identity, channel}) => `${identity} #${channel}`);
		return [...groups.values()].flatMap(group => startGroup(workspace, group));
	});
}

/** The mentions that the leash holds, oldest first. */
export function listHeldByLeash({store}: Pick<Workspace, 'store'>): readonly HeldMention[] {
	return listHeldMentions(store).filter(({reason}) => reason === 'leash');
}

/** False for a mention that this place may never start by itself; the ledger says why. */
function isStillWaiting(workspace: Workspace, entry: HeldMention): boolean {
	const {store, now} = workspace;
	const sender = entry.senderSpawnId === null ? null : findSpawn(store, entry.senderSpawnId);
	const place = sender === null ? 'here' : placeOf(sender, workspace);
	const settle = (mention: DecidedMention) => settleMention(store, mention, {by: null, at: now()});
	if (place === 'elsewhere') return false;
	const stoppedAt = lastStop(workspace.home, now());
	if (isKilled(sender)) settle({...entry, outcome: 'refused', reason: 'killed'});
	else if (stoppedAt !== null && entry.decidedAt <= stoppedAt)
		settle({...entry, outcome: 'held', reason: 'stopped'});
	else if (place === 'rebooted') settle({...entry, outcome: 'held', reason: 'reboot'});
	else return true;
	return false;
}

/** Starts one spawn for the mentions of an agent in a channel, if one of their leashes lets it go. */
function startGroup(workspace: Workspace, group: readonly HeldMention[]): readonly SpawnId[] {
	for (const entry of group) {
		const sender = {identity: entry.from, spawnId: entry.senderSpawnId, isSettled: false};
		const message = {id: entry.messageId, channel: entry.channel};
		// A later "done" of the sender does not undo what the sender asked for before.
		const guard = {
			...guardOf(workspace, message, entry.identity, sender),
			isSenderDone: false,
			spawnsLeft: leftOf(workspace, findRoot(workspace.store, entry.messageId)),
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

/** When the next mention that the leash holds may start by itself here; null when none ever does. */
export function nextRefill(workspace: Workspace): Instant | null {
	if (!hasHeldFor(workspace.store, 'leash')) return null;
	const starts = listHeldByLeash(workspace)
		.filter(({senderSpawnId}) => {
			const sender = senderSpawnId === null ? null : findSpawn(workspace.store, senderSpawnId);
			return sender === null || placeOf(sender, workspace) !== 'elsewhere';
		})
		.map(entry => startOf(workspace, entry))
		.filter(at => at !== null);
	return starts.length === 0 ? null : Math.min(...starts);
}

/** When the leash lets a mention go; null for never. */
function startOf(workspace: Workspace, {messageId}: HeldMention): Instant | null {
	const {store, now} = workspace;
	const root = findRoot(store, messageId);
	if (leftOf(workspace, root) >= 1) return now();
	return opensAt(limitsOf(workspace).leash, listLeashUses(store, root));
}

/** Makes what the leash holds wait for the operator, because everything was stopped. Within a transaction. */
export function holdRefilling(workspace: Workspace, by: string): void {
	for (const entry of listHeldByLeash(workspace)) {
		const stopped: DecidedMention = {...entry, outcome: 'held', reason: 'stopped'};
		settleMention(workspace.store, stopped, {by, at: workspace.now()});
	}
}
