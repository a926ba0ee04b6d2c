import {type Agent, systemIdentity} from '../model/agent.ts';
import {decideMention, type MentionFacts, type MentionRecord} from '../model/mention.ts';
import type {Message} from '../model/message.ts';
import type {Spawn, SpawnId} from '../model/spawn.ts';
import {findAgent} from '../store/agents.ts';
import {addEvent} from '../store/events.ts';
import {addMention, listQueuedMentions, settleMention} from '../store/messages.ts';
import {addSpawn, countLiveSpawns, depthOf, findSpawn, liveSpawnOf} from '../store/spawns.ts';
import type {World} from '../world.ts';

/** Who wrote a message. */
interface Sender {
	readonly identity: string;
	readonly spawnId: SpawnId | null;
}

/** Decides one mention, records the outcome, and creates the spawn that it asks for. Within a transaction. */
export function decideAndRecord(world: World, message: Message, name: string, sender: Sender): MentionRecord {
	const {store, config} = world;
	const mentioned = findAgent(store, name);
	const live = mentioned === null ? null : liveSpawnOf(store, name, message.channel);
	const decision = decideMention(factsOf(world, mentioned, sender, live?.status ?? null), config.limits);
	const isNew =
		decision.outcome === 'launched' || (decision.outcome === 'queued' && decision.reason === 'capacity');
	const joined = decision.outcome === 'merged' ? (live?.id ?? null) : null;
	const spawnId =
		isNew && mentioned !== null
			? createSpawn(world, mentioned, message.channel, message.id, sender.spawnId)
			: joined;
	const record = {...decision, messageId: message.id, identity: name, spawnId, decidedAt: world.now()};
	addMention(store, record);
	return record;
}

/**
 * Creates the one follow-up spawn for all mentions that waited for an ended spawn of their agent; null when none
 * did. Within the transaction that ends the spawn. Mentions of senders that were killed meanwhile are refused.
 */
export function followUp(world: World, ended: Spawn): SpawnId | null {
	const {store} = world;
	const waiting = listQueuedMentions(store, ended.agent, ended.channel);
	const isKilled = (id: SpawnId | null) => id !== null && findSpawn(store, id)?.killedBy != null;
	for (const mention of waiting.filter(({senderSpawnId}) => isKilled(senderSpawnId))) {
		settleMention(store, {...mention, outcome: 'refused', reason: 'killed'});
	}
	const wanted = waiting.filter(({senderSpawnId}) => !isKilled(senderSpawnId));
	const agent = findAgent(store, ended.agent);
	const first = wanted[0];
	if (first === undefined || agent === null) return null;
	const spawnId = createSpawn(world, agent, ended.channel, first.messageId, first.senderSpawnId);
	for (const mention of wanted) settleMention(store, {...mention, spawnId});
	return spawnId;
}

function factsOf(
	world: World,
	mentioned: Agent | null,
	{identity, spawnId}: Sender,
	liveHere: MentionFacts['liveHere'],
): MentionFacts {
	return {
		mentioned: kindOf(mentioned),
		isSender: mentioned?.identity === identity,
		sender: spawnId === null ? null : senderOf(world, spawnId),
		liveHere,
		live: countLiveSpawns(world.store),
	};
}

function kindOf(agent: Agent | null): MentionFacts['mentioned'] {
	if (agent === null || agent.archivedAt !== null) return 'unknown';
	if (agent.identity === systemIdentity) return 'system';
	return agent.model === null ? 'human' : 'agent';
}

function senderOf(world: World, spawnId: SpawnId): MentionFacts['sender'] {
	const spawn = findSpawn(world.store, spawnId);
	return {depth: depthOf(world.store, spawnId), isKilled: spawn?.killedBy != null};
}

function createSpawn(
	world: World,
	agent: Agent,
	channel: string,
	messageId: string,
	parentId: SpawnId | null,
): SpawnId {
	const id = world.newId();
	const provider = agent.provider ?? '';
	addSpawn(world.store, {
		id,
		agent: agent.identity,
		channel,
		parentId,
		messageId,
		provider,
		host: world.host,
		createdAt: world.now(),
	});
	addEvent(world.store, 'created', id, null, world.now());
	return id;
}
