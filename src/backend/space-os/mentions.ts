import {type Agent, isAgent, isHuman} from '../../model/agent.ts';
import type {MentionRecord} from '../../model/mention.ts';
import type {Message, MessageId} from '../../model/message.ts';
import type {Spawn, SpawnId} from '../../model/spawn.ts';
import {type Instant, type Milliseconds, second} from '../../model/time.ts';
import {type SpaceSpawn, writersOf} from './records.ts';

/** A child below this depth is refused there, without a word. */
const deepest = 3;
/** A new spawn appears within this time, usually in less than a second. */
const launchedWithin: Milliseconds = 30 * second;
/** A mention without a trace may still be on its way for this long. */
const decidedWithin: Milliseconds = 10 * second;
const clockSlack: Milliseconds = 100;

/** A mention whose outcome is to be found. */
interface AgentMention {
	readonly message: Message;
	readonly identity: string;
}

/**
 * The outcome of each mention. space-os keeps no record of it: the spawns that came after the message, the time at which
 * a spawn last read its channel, and the start of its process show it. A reason that ends in `?` is the likelier of two
 * that its store cannot distinguish. Messages and spawns are oldest first.
 */
export function ledgerOf(
	messages: readonly Message[],
	spawns: readonly SpaceSpawn[],
	agents: readonly Agent[],
	now: Instant,
): ReadonlyMap<MessageId, readonly MentionRecord[]> {
	const known = new Map(agents.map(agent => [agent.identity, agent]));
	const named = messages.flatMap(message => namesIn(message.text).map(identity => ({message, identity})));
	const plain = new Map(named.map(asked => [asked, plainOutcome(asked, known)]));
	const asked = named.filter(entry => plain.get(entry) === null);
	const launched = launchesOf(asked, spawns);
	const evidence = evidenceOf(asked, messages, spawns, now);
	const records = named.map((entry): MentionRecord => {
		const decision = plain.get(entry) ?? launchOf(launched.get(entry)) ?? fateOf(entry, evidence);
		const {message, identity} = entry;
		return {messageId: message.id, identity, spawnId: null, decidedAt: message.at, ...decision};
	});
	return Map.groupBy(records, record => record.messageId);
}

/** The distinct names after an `@`, wherever it stands: space-os counts mail addresses and code too. */
export function namesIn(text: string): readonly string[] {
	return [...new Set([...text.matchAll(/@([\p{L}\p{N}_-]+)/gu)].map(match => match[1] as string))];
}

/** An outcome as far as space-os shows it, with the reason in words. */
type Fate = Pick<MentionRecord, 'outcome' | 'reason'>;

/** The outcome of a mention that cannot launch anything; null for the mention of an agent. */
function plainOutcome({message, identity}: AgentMention, agents: ReadonlyMap<string, Agent>): Fate | null {
	const agent = agents.get(identity) ?? null;
	if (identity === message.from) return {outcome: 'ignored', reason: 'sender'};
	if (isHuman(agent)) return {outcome: 'called', reason: null};
	return agent !== null && isAgent(agent) ? null : {outcome: 'ignored', reason: 'unknown'};
}

/** The new spawn that each mention led to. Each spawn answers one mention, the latest before it that fits. */
function launchesOf(
	asked: readonly AgentMention[],
	spawns: readonly Spawn[],
): ReadonlyMap<AgentMention, Spawn> {
	const byId = new Map(spawns.map(spawn => [spawn.id, spawn]));
	const byTime = asked.toSorted((a, b) => a.message.at - b.message.at);
	const open = Map.groupBy(byTime, ({message, identity}) => keyOf(identity, message.channel));
	const launches = new Map<AgentMention, Spawn>();
	for (const spawn of spawns.toReversed()) {
		const here = open.get(keyOf(spawn.agent, spawn.channel)) ?? [];
		// A mention after this spawn is also after every earlier one.
		while ((here.at(-1)?.message.at ?? 0) > spawn.createdAt + clockSlack) here.pop();
		const since = countUntil(here, ({message}) => message.at, spawn.createdAt - launchedWithin);
		const index = here.findLastIndex((entry, at) => at < since || isCauseOf(entry.message, spawn, byId));
		for (const answered of index < since ? [] : here.splice(index, 1)) launches.set(answered, spawn);
	}
	return launches;
}

function keyOf(identity: string, channel: string): string {
	return JSON.stringify([identity, channel]);
}

/** True when the message was written in the parent of the spawn, if that is known. */
function isCauseOf({from}: Message, {parentId}: Spawn, byId: ReadonlyMap<SpawnId, Spawn>): boolean {
	const parent = parentId === null ? undefined : byId.get(parentId);
	return parent === undefined || parent.agent === from;
}

function launchOf(spawn: Spawn | undefined): (Fate & {spawnId: SpawnId; decidedAt: Instant}) | null {
	if (spawn === undefined) return null;
	return {outcome: 'launched', reason: null, spawnId: spawn.id, decidedAt: spawn.createdAt};
}

/** The evidence for outcomes: for each agent in each channel, oldest first. */
interface Evidence {
	readonly spawns: ReadonlyMap<string, readonly SpaceSpawn[]>;
	/** When it was mentioned, and when it spoke. */
	readonly asked: ReadonlyMap<string, readonly Instant[]>;
	readonly spoken: ReadonlyMap<string, readonly Instant[]>;
	readonly byId: ReadonlyMap<SpawnId, Spawn>;
	readonly writers: ReadonlyMap<MessageId, Spawn>;
	readonly now: Instant;
}

function evidenceOf(
	asked: readonly AgentMention[],
	messages: readonly Message[],
	spawns: readonly SpaceSpawn[],
	now: Instant,
): Evidence {
	return {
		spawns: Map.groupBy(spawns, ({agent, channel}) => keyOf(agent, channel)),
		asked: timesOf(asked.map(({message, identity}) => ({...message, from: identity}))),
		spoken: timesOf(messages),
		byId: new Map(spawns.map(spawn => [spawn.id, spawn])),
		writers: writersOf(messages, spawns),
		now,
	};
}

function timesOf(signs: readonly Message[]): ReadonlyMap<string, readonly Instant[]> {
	const groups = Map.groupBy(signs, ({from, channel}) => keyOf(from, channel));
	return new Map([...groups].map(([key, own]) => [key, own.map(({at}) => at).sort((a, b) => a - b)]));
}

/** The first time after `at`; infinity when there is none. */
function firstAfter(times: readonly Instant[] = [], at: Instant): Instant {
	return times[countUntil(times, time => time, at)] ?? Number.POSITIVE_INFINITY;
}

/** How many entries of a list, oldest first, are not after `at`. A binary search, because channels are long. */
function countUntil<T>(list: readonly T[], timeOf: (entry: T) => Instant, at: Instant): number {
	let low = 0;
	for (let high = list.length; low < high; ) {
		const middle = (low + high) >> 1;
		if (timeOf(list[middle] as T) > at) high = middle;
		else low = middle + 1;
	}
	return low;
}

/** The outcome of a mention that led to no new spawn: it resumed the one that waited, or it was dropped. */
function fateOf(entry: AgentMention, evidence: Evidence): Fate & {spawnId?: SpawnId} {
	const {at, channel} = entry.message;
	const key = keyOf(entry.identity, channel);
	const isYoung = evidence.now - at < decidedWithin;
	const here = evidence.spawns.get(key) ?? [];
	const spawn = here[countUntil(here, ({createdAt}) => createdAt, at - 1) - 1];
	if (spawn === undefined || (spawn.endedAt !== null && spawn.endedAt < at)) {
		return isYoung ? undecided : {outcome: 'dropped', reason: whyNothing(entry.message, evidence)};
	}
	const next = firstAfter(evidence.asked.get(key), at);
	const resumed = {outcome: 'launched', spawnId: spawn.id} as const;
	for (const sign of [spawn.attemptStartedAt, spawn.readAt]) {
		if (sign === null) continue;
		// It has neither started nor read anything new since: it was at work, and never learns of the mention.
		if (sign < at) return isYoung ? undecided : {outcome: 'dropped', reason: 'running'};
		if (sign < next) return {...resumed, reason: 'reused'};
	}
	if (isYoung) return undecided;
	return firstAfter(evidence.spoken.get(key), at) < next
		? {...resumed, reason: 'reused?'}
		: {outcome: 'dropped', reason: 'running?'};
}

const undecided: Fate = {outcome: 'queued', reason: 'not decided yet'};

/** Why no spawn came of a mention of an agent that did not work in the channel. */
function whyNothing({id}: Message, {writers, byId}: Evidence): string {
	const above = new Set<SpawnId>();
	let spawn = writers.get(id);
	while (spawn?.parentId != null && !above.has(spawn.id)) {
		above.add(spawn.id);
		spawn = byId.get(spawn.parentId);
	}
	return above.size >= deepest ? 'depth' : 'no spawn came';
}
