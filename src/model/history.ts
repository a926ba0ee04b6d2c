import type {HoldScope, Registration} from './action.ts';
import {defaultLaunch} from './agent.ts';
import type {Event, Imported} from './event.ts';
import type {Gap} from './gap.ts';
import {type Limits, limitOf} from './limits.ts';
import type {DecidedMention, MentionRecord} from './mention.ts';
import type {
	AgentRecord,
	AlertRecord,
	ChannelRecord,
	HoldRecord,
	LeashRecord,
	MessageRecord,
	RaidRecord,
	SpawnRecord,
} from './record.ts';
import type {SpawnId} from './spawn.ts';
import {spawnAfter} from './spawn-history.ts';
import type {Instant} from './time.ts';

/** Up to when: an instant, or the sequence of the last event that counts. */
export type Moment = {readonly at: Instant} | {readonly sequence: number};

/**
 * All that was recorded at a moment, rebuilt from the log alone. `events` are the whole log, in its order. Where the clock
 * was set back, an instant stands for the last time that the clock showed it.
 */
export function recordsAt(events: readonly Event[], moment: Moment): RaidRecord {
	const isBefore = (event: Event) =>
		'at' in moment ? event.at <= moment.at : event.sequence <= moment.sequence;
	return recordsFrom(events.slice(0, events.findLastIndex(isBefore) + 1));
}

/** All that is recorded, rebuilt from the log alone: the whole one, in its order. */
export function recordsFrom(events: readonly Event[]): RaidRecord {
	const book = emptyBook();
	for (const event of events) enter(book, event);
	return {
		agents: [...book.agents.values()],
		channels: [...book.channels.values()],
		spawns: [...book.spawns.values()],
		messages: [...book.messages.values()],
		mentions: [...book.mentions.values()],
		holds: [...book.holds.values()],
		leashes: [...book.leashes.values()],
		limits: Object.fromEntries(book.limits) as Partial<Limits>,
		alerts: [...book.alerts.values()],
		gaps: book.gaps,
		seen: Object.fromEntries(book.seen),
	};
}

/** The records while they are rebuilt. A map keeps the order in which its entries came. */
interface Book {
	readonly agents: Map<string, AgentRecord>;
	readonly channels: Map<string, ChannelRecord>;
	readonly spawns: Map<SpawnId, SpawnRecord>;
	readonly messages: Map<string, MessageRecord>;
	readonly mentions: Map<string, MentionRecord>;
	readonly holds: Map<string, HoldRecord>;
	readonly leashes: Map<string, LeashRecord>;
	readonly limits: Map<string, unknown>;
	readonly alerts: Map<string, AlertRecord>;
	readonly gaps: Gap[];
	readonly seen: Map<string, Instant>;
}

function emptyBook(): Book {
	return {
		agents: new Map(),
		channels: new Map(),
		spawns: new Map(),
		messages: new Map(),
		mentions: new Map(),
		holds: new Map(),
		leashes: new Map(),
		limits: new Map(),
		alerts: new Map(),
		gaps: [],
		seen: new Map(),
	};
}

function enter(book: Book, event: Event): void {
	enterSpawn(book, event);
	switch (event.kind) {
		case 'imported':
			enterImported(book, event.record, event.sequence);
			return;
		case 'agent-registered':
			enterAgent(book, event.agent, event.at);
			return;
		case 'channel-created': {
			const {channel: name, topic, at: createdAt} = event;
			const fresh = {archivedAt: null, failuresInARow: 0, lastHumanSequence: 0};
			book.channels.set(name, {name, topic, createdAt, ...fresh});
			return;
		}
		case 'leash-refilled':
			// Again at the end: the order is that of the refills.
			book.leashes.delete(event.root);
			book.leashes.set(event.root, {root: event.root, sequence: event.sequence, at: event.at});
			return;
		case 'breaker-closed':
			change(book.channels, event.channel, () => ({failuresInARow: 0}));
			return;
		case 'message-posted':
			enterMessage(book, event);
			return;
		case 'mention-decided':
		case 'mention-settled':
			enterMention(book, event.mention);
			return;
		case 'hold-placed':
			book.holds.set(holdKey(event.scope), {scope: event.scope, by: event.by, at: event.at});
			return;
		case 'hold-lifted':
			if (event.scope.type === 'all') book.holds.clear();
			else book.holds.delete(holdKey(event.scope));
			return;
		case 'limits-changed':
			enterLimits(book, event.limits);
			return;
		case 'gap': {
			const {machine, from, until} = event;
			book.gaps.push({machine, from, until});
			return;
		}
		case 'operator-looked':
			book.seen.set(event.by, event.at);
			return;
		default:
			enterAlert(book, event);
			return;
	}
}

/** Enters an event of a spawn, with what it changes besides the spawn. */
function enterSpawn(book: Book, event: Event): void {
	const id = 'spawn' in event ? event.spawn : null;
	if (id === null) return;
	const after = spawnAfter(book.spawns.get(id) ?? null, event);
	if (after !== null) book.spawns.set(id, after);
	switch (event.kind) {
		case 'spawn-created':
			change(book.agents, event.agent, agent => ({spawns: agent.spawns + 1}));
			return;
		case 'spawn-ended':
			// A failure that says something of its provider says nothing of its channel.
			if (event.status === 'killed' || event.cause != null) return;
			change(book.channels, event.channel, channel => ({
				failuresInARow: event.status === 'completed' ? 0 : channel.failuresInARow + 1,
			}));
			return;
		case 'spawn-held':
			changeMentionsOf(book, id, () => ({
				outcome: 'held',
				reason: event.reason,
				decidedAt: event.at,
			}));
			return;
		case 'spawn-unheld':
			changeMentionsOf(book, id, ({outcome}) =>
				outcome === 'held' ? {outcome: 'launched', reason: null, decidedAt: event.at} : {},
			);
			return;
	}
}

function changeMentionsOf(
	book: Book,
	spawnId: SpawnId,
	changes: (mention: MentionRecord) => Partial<MentionRecord>,
): void {
	for (const [key, mention] of book.mentions) {
		if (mention.spawnId === spawnId) book.mentions.set(key, {...mention, ...changes(mention)});
	}
}

/** Changes an entry; nothing when there is none. */
function change<V extends object>(map: Map<string, V>, key: string, changes: (entry: V) => Partial<V>): void {
	const entry = map.get(key);
	if (entry !== undefined) map.set(key, {...entry, ...changes(entry)});
}

function enterAgent(book: Book, {identity, ...registered}: Registration, at: Instant): void {
	const known = book.agents.get(identity);
	const fresh = {createdAt: at, spawns: 0, lastActiveAt: null};
	// An earlier version knew fewer options.
	const launch = registered.launch === null ? null : {...defaultLaunch, ...registered.launch};
	book.agents.set(identity, {...(known ?? fresh), identity, ...registered, launch, archivedAt: null});
}

function enterMessage(book: Book, event: Event<'message-posted'>): void {
	const {id, channel, from, text, at, sequence, spawn: spawnId, claim, isHuman} = event;
	book.messages.set(id, {id, channel, from, text, at, sequence, spawnId, claim});
	change(book.agents, from, () => ({lastActiveAt: at}));
	if (isHuman) change(book.channels, channel, () => ({failuresInARow: 0, lastHumanSequence: sequence}));
}

function enterMention(book: Book, mention: DecidedMention | MentionRecord): void {
	book.mentions.set(`${mention.messageId} ${mention.identity}`, mention);
}

function holdKey(scope: HoldScope): string {
	switch (scope.type) {
		case 'all':
			return 'all';
		case 'channel':
			return `channel ${scope.channel}`;
		case 'agent':
			return `agent ${scope.agent}`;
	}
}

function enterLimits(book: Book, limits: Event<'limits-changed'>['limits']): void {
	for (const [name, value] of Object.entries(limits)) {
		if (value === null) book.limits.delete(name);
		else book.limits.set(name, limitOf(name, value));
	}
}

function enterAlert(book: Book, event: Event): void {
	switch (event.kind) {
		case 'alert-opened': {
			const {alert, at: openedAt} = event;
			const fresh = {openedAt, notifiedAt: null, acknowledgedAt: null, acknowledgedBy: null};
			const {severity, text} = alert;
			const known = book.alerts.get(alert.id) ?? {...alert, ...fresh};
			book.alerts.set(alert.id, {...known, severity, text, closedAt: null});
			return;
		}
		case 'alert-notified':
			change(book.alerts, event.alert, () => ({notifiedAt: event.at}));
			return;
		case 'alert-acknowledged':
			change(book.alerts, event.alert, () => ({acknowledgedAt: event.at, acknowledgedBy: event.by}));
			return;
		case 'alert-closed':
			change(book.alerts, event.alert, () => ({closedAt: event.at}));
			return;
	}
}

/** Enters a record that was there before the log began; spawns are entered with their events. */
function enterImported(book: Book, {type, record}: Imported, sequence: number): void {
	switch (type) {
		case 'agent':
			book.agents.set(record.identity, record);
			return;
		case 'channel':
			book.channels.set(record.name, record);
			return;
		case 'message':
			book.messages.set(record.id, {...record, sequence});
			return;
		case 'mention':
			enterMention(book, record);
			return;
		case 'hold':
			book.holds.set(holdKey(record.scope), record);
			return;
		case 'alert':
			book.alerts.set(record.id, record);
			return;
		case 'spawn':
	}
}
