import type {HoldScope} from './action.ts';
import type {Agent} from './agent.ts';
import type {Alert} from './alert.ts';
import type {Disk} from './alerts/disk.ts';
import type {Stranger} from './alerts/strangers.ts';
import {alertsOf} from './alerts.ts';
import {type ChainRow, chainOf} from './chain.ts';
import type {Channel} from './channel.ts';
import {blockedCalls, type Concerns} from './concern.ts';
import type {Event} from './event.ts';
import {describeState} from './evidence.ts';
import {type Gap, gapsOf} from './gap.ts';
import type {Limits} from './limits.ts';
import type {Message, MessageWithMentions} from './message.ts';
import {describeElsewhere, isElsewhere} from './place.ts';
import {queueOf, type Turn} from './queue.ts';
import type {AttemptRecord} from './record.ts';
import {durationOf, type Habitat, type Spawn, type SpawnId, type Status, shortIds} from './spawn.ts';
import {
	type Circumstances,
	noFacts,
	type ProcessFacts,
	type State,
	silentSince,
	stateOf,
	states,
} from './state.ts';
import type {System} from './system.ts';
import type {Instant, Milliseconds} from './time.ts';

/** The contents of a store, read in one transaction. */
export interface Records {
	/** The workspace's directory, and its database. */
	readonly home: string;
	readonly db: string;
	readonly agents: readonly Agent[];
	readonly channels: readonly Channel[];
	/** The spawns that are shown, oldest first. All that are live are among them. */
	readonly spawns: readonly Spawn[];
	/** Ids of other spawns that share the last four characters with one that is shown. */
	readonly namesakes: readonly SpawnId[];
	/** Of one channel, oldest first. */
	readonly messages: readonly MessageWithMentions[];
	/** Number of mentions that are held, in the whole store. */
	readonly held: number;
	/** The scopes in which agents start nothing new. */
	readonly holds: readonly HoldScope[];
	/** Spawns of the whole store, by status. */
	readonly totals: Readonly<Record<Status, number>>;
	readonly concerns: Concerns;
	readonly limits: Limits;
	/** The spawn that was asked for in every detail; null for none. */
	readonly inspected: Inspected | null;
	/** The channel of the messages; null when there is none. */
	readonly channel: string | null;
	/** Where processes run at present: those of other places cannot be judged, and start nothing by themselves. */
	readonly here: Habitat;
	/** Why the configuration cannot be used; null when it can, or where nobody looked. */
	readonly configError?: string | null;
	/** Spawns that run here and that the store does not know; none where nobody looked. */
	readonly strangers?: readonly Stranger[];
	/** When everything was last stopped: what was asked for before waits for a release. Null when it never was. */
	readonly stoppedAt: Instant | null;
	/** When machines slept. */
	readonly gaps: readonly Gap[];
	readonly system: System;
	/** The room on the disk of the records; null where nobody knows it, as in the past. */
	readonly disk: Disk | null;
}

/** One spawn in every detail. */
export interface Inspected {
	readonly spawn: SpawnId;
	/** Oldest first, as are the messages and events. */
	readonly attempts: readonly AttemptRecord[];
	/** The messages that it answers. */
	readonly triggers: readonly Message[];
	/** Everything that the log says of it. */
	readonly events: readonly Event[];
}

/** A spawn as it is at one instant. */
export interface SpawnState extends Spawn {
	readonly state: State;
	/** When the state began, as far as records and file times show; it stays the same while the state does. */
	readonly stateSince: Instant;
	/** Its name for people: the shortest ending of its id, of 4 characters or more, that no other spawn shares. */
	readonly shortId: string;
	/** The evidence, and what helps; null when all is well. */
	readonly reason: string | null;
	readonly depth: number;
	readonly durationMs: Milliseconds;
}

/** Everything in one store, at one instant. */
export interface Raid extends Omit<Records, 'spawns'> {
	readonly at: Instant;
	readonly spawns: readonly SpawnState[];
	readonly chain: readonly ChainRow<SpawnState>[];
	/** Spawns of the whole store, by state. Those that are not shown have ended, and count as they ended. */
	readonly counts: Readonly<Record<State, number>>;
	/** Number of spawns that are not shown. */
	readonly hidden: number;
	/** The alerts: blocked agents and calls first, then the worst, then the oldest. */
	readonly alerts: readonly Alert[];
}

/** The raid at `at`, from its records and what the operating system says of its processes. */
export function raidOf(records: Records, facts: ReadonlyMap<SpawnId, ProcessFacts>, at: Instant): Raid {
	const {limits, here, gaps} = records;
	const turns = queueOf({...records, at});
	const blocked = new Set(blockedCalls(records.concerns.calls).map(call => call.spawnId));
	const names = shortIds([...records.spawns.map(spawn => spawn.id), ...records.namesakes]);
	const judged = records.spawns.map(spawn => ({
		...spawnStateOf(spawn, facts.get(spawn.id) ?? noFacts, {
			at,
			limits,
			gaps: gapsOf(gaps, spawn),
			elsewhere: isElsewhere(spawn, here) ? describeElsewhere(spawn, here) : null,
			turn: turns.get(spawn.id) ?? null,
			isBlocked: blocked.has(spawn.id),
		}),
		shortId: names.get(spawn.id) ?? spawn.id,
	}));
	const chain = chainOf(judged).map(row => ({...row, spawn: {...row.spawn, depth: row.depth}}));
	const order = new Map(records.spawns.map((spawn, index) => [spawn.id, index]));
	const positionOf = (spawn: Spawn) => order.get(spawn.id) ?? 0;
	const spawns = chain.map(row => row.spawn).toSorted((a, b) => positionOf(a) - positionOf(b));
	return {
		...records,
		at,
		spawns,
		chain,
		...countsOf(spawns, records.totals),
		alerts: alertsOf({...records, spawns, at}),
	};
}

function spawnStateOf(
	spawn: Spawn,
	facts: ProcessFacts,
	circumstances: Circumstances,
): Omit<SpawnState, 'shortId'> {
	const state = stateOf(spawn, facts, circumstances);
	return {
		...spawn,
		lastOutputAt: facts.lastOutputAt ?? spawn.lastOutputAt,
		state,
		stateSince: sinceOf(spawn, state, facts, circumstances.turn),
		reason: describeState(spawn, state, facts, circumstances),
		depth: 0,
		durationMs: durationOf(spawn, circumstances.at, circumstances.gaps),
	};
}

function sinceOf(spawn: Spawn, state: State, facts: ProcessFacts, turn: Turn | null): Instant {
	const {createdAt, attemptStartedAt, attemptEndedAt, endedAt} = spawn;
	if (endedAt !== null) return endedAt;
	switch (state) {
		case 'stalled':
			return silentSince(spawn, facts) ?? createdAt;
		case 'stuck':
			return facts.standstill?.since ?? createdAt;
		case 'lost':
			return turn?.type === 'next' ? turn.since : createdAt;
		case 'quota':
			return attemptEndedAt ?? createdAt;
		default:
			return attemptStartedAt ?? createdAt;
	}
}

function countsOf(spawns: readonly SpawnState[], totals: Records['totals']): Pick<Raid, 'counts' | 'hidden'> {
	const counts = Object.fromEntries(states.map(state => [state, 0])) as Record<State, number>;
	const unseen = {...totals};
	for (const {state, status} of spawns) {
		counts[state] += 1;
		unseen[status] -= 1;
	}
	const {pending: _, running: __, ...ended} = unseen;
	let hidden = 0;
	for (const [status, number] of Object.entries(ended)) {
		counts[status as keyof typeof ended] += number;
		hidden += number;
	}
	return {counts, hidden};
}
