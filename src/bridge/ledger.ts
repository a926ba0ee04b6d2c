import {NotFoundError, UsageError} from '../errors.ts';
import type {Claim} from '../model/action.ts';
import {type Agent, systemIdentity} from '../model/agent.ts';
import {spawnsLeft} from '../model/leash.ts';
import {
	type DecidedMention,
	decideMention,
	holdReasonOf,
	type MentionFacts,
	type MentionRecord,
} from '../model/mention.ts';
import type {Message, MessageId} from '../model/message.ts';
import {isElsewhere} from '../model/place.ts';
import type {Habitat, Spawn, SpawnId} from '../model/spawn.ts';
import {findAgent} from '../store/agents.ts';
import {countSlotsTaken, unholdSpawn} from '../store/claims.ts';
import {readGuard} from '../store/guards.ts';
import {countWaiting, findRoot, listLeashUses} from '../store/leashes.ts';
import {addSpawn} from '../store/life.ts';
import {
	addMention,
	type HeldMention,
	listQueuedMentions,
	type QueuedMention,
	settleMention,
} from '../store/mentions.ts';
import type {Store} from '../store/open.ts';
import {depthOf, findSpawn, liveSpawnOf} from '../store/spawns.ts';
import {limitsOf, startConditions, type Workspace} from '../workspace/open.ts';
import {lastStop} from '../workspace/stop-file.ts';

/** The writer of a message. */
export interface Sender {
	readonly identity: string;
	readonly spawnId: SpawnId | null;
	readonly isAgent: boolean;
	/** The claim that the message makes about the writer's task. */
	readonly claim: Claim | null;
	/** Its message calls a human, and does not say that it is blocked: nobody else is needed. */
	readonly isSettled: boolean;
}

/** Decides one mention, records the outcome, and creates the spawn that it asks for. Within a transaction. */
export function decideAndRecord(
	workspace: Workspace,
	message: Message,
	name: string,
	sender: Sender,
): MentionRecord {
	const guard = sender.isAgent ? guardOf(workspace, message, name, sender) : null;
	// What an agent asks for belongs where the agent runs, whatever sandbox its tools post from.
	const parent = sender.spawnId === null ? null : findSpawn(workspace.store, sender.spawnId);
	const record = decide(workspace, {message, name, sender, guard, habitat: parent ?? workspace});
	addMention(workspace.store, record);
	return record;
}

/** Decides a held mention again, without asking the guards. Within a transaction. */
export function releaseMention(workspace: Workspace, entry: HeldMention, by: string): MentionRecord {
	if (entry.spawnId !== null) {
		// Its spawn is there already, and was held with it.
		unholdSpawn(workspace.store, entry.spawnId, workspace, {by, at: workspace.now()});
		return {...entry, outcome: 'launched', reason: null};
	}
	const decided = askAgain(workspace, entry, null);
	// The operator has decided: when the running spawn ends, nothing asks the guards again.
	const record: DecidedMention =
		decided.outcome === 'queued' && decided.spawnId === null ? {...decided, reason: 'released'} : decided;
	settleMention(workspace.store, record, {by, at: workspace.now()});
	return record;
}

/** Decides a held mention again by `guard`, and records the outcome. Within a transaction. */
export function decideAgain(
	workspace: Workspace,
	entry: HeldMention,
	guard: NonNullable<MentionFacts['guard']>,
): DecidedMention {
	const record = askAgain(workspace, entry, guard);
	settleMention(workspace.store, record, {by: null, at: workspace.now()});
	return record;
}

function askAgain(workspace: Workspace, entry: HeldMention, guard: MentionFacts['guard']): DecidedMention {
	const sender = {identity: entry.from, spawnId: entry.senderSpawnId, claim: null};
	const message = {id: entry.messageId, channel: entry.channel};
	return decide(workspace, {message, name: entry.identity, sender, guard, habitat: workspace});
}

/**
 * Creates the one follow-up spawn for all mentions that waited for an ended spawn of their agent; null when none
 * did. Within the transaction that ends the spawn. The guards are asked again, and may hold or refuse a mention now.
 */
export function followUp(workspace: Workspace, ended: Spawn): SpawnId | null {
	const {store} = workspace;
	const agent = findAgent(store, ended.agent);
	const wanted = listQueuedMentions(store, ended.agent, ended.channel).filter(entry =>
		isStillWanted(workspace, entry),
	);
	const first = wanted[0];
	if (first === undefined || agent === null) return null;
	// It belongs to the boot of the spawn before: a spawn that waited through a reboot does not start by itself.
	const habitat = isElsewhere(ended, workspace) ? workspace : ended;
	const spawnId = createSpawn(workspace, agent, originOf(workspace, first), habitat);
	for (const mention of wanted) settleMention(store, {...mention, spawnId}, {by: null, at: workspace.now()});
	return spawnId;
}

function isStillWanted(workspace: Workspace, entry: QueuedMention): boolean {
	const {store} = workspace;
	if (entry.senderSpawnId !== null && isKilled(findSpawn(store, entry.senderSpawnId))) {
		settleMention(store, {...entry, outcome: 'refused', reason: 'killed'}, {by: null, at: workspace.now()});
		return false;
	}
	const stoppedAt = lastStop(workspace.home, workspace.now());
	if (stoppedAt !== null && entry.decidedAt <= stoppedAt) {
		settleMention(store, {...entry, outcome: 'held', reason: 'stopped'}, {by: null, at: workspace.now()});
		return false;
	}
	if (!entry.isFromAgent || entry.reason === 'released') return true;
	const sender = {identity: entry.from, spawnId: entry.senderSpawnId, isSettled: false};
	// A later "done" of the sender does not undo what the sender asked for before.
	const message = {id: entry.messageId, channel: entry.channel};
	const guard = {...guardOf(workspace, message, entry.identity, sender), isSenderDone: false};
	const reason = holdReasonOf(guard, limitsOf(workspace));
	if (reason !== null)
		settleMention(store, {...entry, outcome: 'held', reason}, {by: null, at: workspace.now()});
	return reason === null;
}

interface Question {
	readonly message: Pick<Message, 'id' | 'channel'>;
	readonly name: string;
	readonly sender: Pick<Sender, 'identity' | 'spawnId' | 'claim'>;
	readonly guard: MentionFacts['guard'];
	/** Where a spawn that it asks for belongs. */
	readonly habitat: Habitat;
}

function decide(workspace: Workspace, {message, name, sender, guard, habitat}: Question): DecidedMention {
	const {store} = workspace;
	const mentioned = findAgent(store, name);
	const live = mentioned === null ? null : liveIn(store, name, message.channel, habitat);
	const facts: MentionFacts = {
		mentioned: kindOf(mentioned),
		isSender: name === sender.identity,
		claim: sender.claim,
		sender: sender.spawnId === null ? null : senderOf(workspace, sender.spawnId),
		guard,
		liveHere: live?.where ?? null,
		live: countSlotsTaken(store, startConditions(workspace)),
	};
	const decision = decideMention(facts, limitsOf(workspace));
	const record: DecidedMention = {
		...decision,
		messageId: message.id,
		identity: name,
		spawnId: null,
		decidedAt: workspace.now(),
	};
	const isNew =
		decision.outcome === 'launched' || (decision.outcome === 'queued' && decision.reason === 'capacity');
	if (isNew && mentioned !== null) {
		const asked = {channel: message.channel, messageId: message.id, senderSpawnId: sender.spawnId};
		return {...record, spawnId: createSpawn(workspace, mentioned, originOf(workspace, asked), habitat)};
	}
	if (decision.outcome !== 'merged' || live === null) return record;
	if (guard !== null || live.hold === null) return {...record, spawnId: live.id};
	// A human, or a release, starts a held spawn as well.
	unholdSpawn(store, live.id, workspace, {by: sender.identity, at: workspace.now()});
	return {...record, outcome: 'launched', reason: null, spawnId: live.id};
}

/** The live spawn of an agent in a channel, and whether it waits or runs, or belongs elsewhere. */
function liveIn(
	store: Store,
	name: string,
	channel: string,
	here: Habitat,
): (Spawn & {readonly where: NonNullable<MentionFacts['liveHere']>}) | null {
	const live = liveSpawnOf(store, name, channel);
	const spawn = live === null ? null : findSpawn(store, live.id);
	if (live === null || spawn === null) return null;
	return {...spawn, where: isElsewhere(spawn, here) ? 'elsewhere' : live.status};
}

/** The facts that the guards go by, for a mention by an agent. */
function guardOf(
	workspace: Workspace,
	{id, channel}: Pick<Message, 'id' | 'channel'>,
	mentioned: string,
	sender: Pick<Sender, 'identity' | 'spawnId' | 'isSettled'>,
): NonNullable<MentionFacts['guard']> {
	const {store} = workspace;
	const guard = readGuard(store, channel, mentioned, sender);
	const root = findRoot(store, id);
	return {
		...guard,
		isSenderDone: guard.isSenderDone || sender.isSettled,
		// What the leash holds already comes first.
		spawnsLeft: leftOf(workspace, root) - countWaiting(store, root),
	};
}

/** How many spawns agents may trigger in the chain of a root message now. */
export function leftOf(workspace: Workspace, root: MessageId | null): number {
	const {store, now} = workspace;
	return spawnsLeft(limitsOf(workspace).leash, listLeashUses(store, root), now());
}

function kindOf(agent: Agent | null): MentionFacts['mentioned'] {
	if (agent === null || agent.archivedAt !== null) return 'unknown';
	if (agent.identity === systemIdentity) return 'system';
	return agent.model === null ? 'human' : 'agent';
}

function senderOf(workspace: Workspace, spawnId: SpawnId): MentionFacts['sender'] {
	return {depth: depthOf(workspace.store, spawnId), isKilled: isKilled(findSpawn(workspace.store, spawnId))};
}

/** A spawn that was killed, alone or with its chain, starts nothing any more. */
export function isKilled(spawn: Spawn | null): boolean {
	return spawn !== null && (spawn.killedBy !== null || spawn.isTombstone);
}

/** Where a new spawn comes from. */
export type SpawnOrigin = Pick<Spawn, 'channel' | 'messageId' | 'rootMessageId' | 'parentId' | 'retryOf'>;

/** Creates a pending spawn that belongs to a machine and its boot. Within a transaction. */
export function createSpawn(
	workspace: Workspace,
	{identity, provider, model, role}: Agent,
	origin: SpawnOrigin,
	{machine, boot, namespace}: Habitat,
): SpawnId {
	const id = workspace.newId();
	const habitat = {machine, boot, namespace};
	const engine = {provider: provider ?? '', model, role};
	addSpawn(workspace.store, {
		id,
		agent: identity,
		createdAt: workspace.now(),
		...origin,
		...engine,
		...habitat,
	});
	return id;
}

/** The origin of a spawn that a mention asks for. */
function originOf(
	{store}: Workspace,
	{channel, messageId, senderSpawnId}: Pick<QueuedMention, 'channel' | 'messageId' | 'senderSpawnId'>,
): SpawnOrigin {
	const rootMessageId = findRoot(store, messageId);
	return {channel, messageId, rootMessageId, parentId: senderSpawnId, retryOf: null};
}

/** One identity that is not archived. Throws a NotFoundError or UsageError otherwise. */
export function requireAgent(store: Store, identity: string): Agent {
	const agent = findAgent(store, identity);
	if (agent === null)
		throw new NotFoundError(`There is no identity "${identity}".`, 'List them: raid agents');
	if (agent.archivedAt !== null) throw new UsageError(`The identity "${identity}" is archived.`);
	return agent;
}
