import type {HoldScope} from './action.ts';
import type {Agent} from './agent.ts';
import type {Alert, AlertKind, Help, Severity} from './alert.ts';
import {type ChainRow, chainOf} from './chain.ts';
import type {Channel} from './channel.ts';
import {describeState} from './evidence.ts';
import type {Limits} from './limits.ts';
import type {MessageWithMentions} from './message.ts';
import {durationOf, type Spawn, type SpawnId, type Status, shortIds} from './spawn.ts';
import {noFacts, type ProcessFacts, type State, stateOf} from './state.ts';
import type {System} from './system.ts';
import type {Instant, Milliseconds} from './time.ts';

/** What the store holds, read in one transaction. */
export interface Records {
	/** The workspace's directory, and its database. */
	readonly home: string;
	readonly db: string;
	readonly agents: readonly Agent[];
	readonly channels: readonly Channel[];
	/** Oldest first. */
	readonly spawns: readonly Spawn[];
	/** Of one channel, oldest first. */
	readonly messages: readonly MessageWithMentions[];
	/** Mentions that are held, in the whole store. */
	readonly held: number;
	/** Where agents start nothing new. */
	readonly holds: readonly HoldScope[];
	/** Spawns of the whole store, by status. */
	readonly totals: Readonly<Record<Status, number>>;
	/** The channel that the messages are of; null when there is none. */
	readonly channel: string | null;
	readonly system: System;
}

/** A spawn as it is at one instant. */
export interface SpawnState extends Spawn {
	readonly state: State;
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
	/** The worst first, then the oldest. */
	readonly alerts: readonly Alert[];
	readonly limits: Limits;
}

/** The raid at `at`: records and what the operating system said of the processes. */
export function raidOf(
	records: Records,
	facts: ReadonlyMap<SpawnId, ProcessFacts>,
	limits: Limits,
	at: Instant,
): Raid {
	const isFull = records.totals.running >= limits.maxLive;
	const names = shortIds(records.spawns.map(spawn => spawn.id));
	const states = records.spawns.map(spawn => ({
		...spawnStateOf(spawn, facts.get(spawn.id) ?? noFacts, limits, at, isFull),
		shortId: names.get(spawn.id) ?? spawn.id,
	}));
	const chain = chainOf(states).map(row => ({...row, spawn: {...row.spawn, depth: row.depth}}));
	const spawns = chain
		.map(row => row.spawn)
		.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
	const alerts = spawns.flatMap(spawn => alertOf(spawn, records.system)).sort(byUrgency);
	return {...records, at, spawns, chain, alerts, limits};
}

function spawnStateOf(
	spawn: Spawn,
	facts: ProcessFacts,
	limits: Limits,
	at: Instant,
	isFull: boolean,
): Omit<SpawnState, 'shortId'> {
	const state = stateOf(spawn, facts, at, limits, isFull);
	return {
		...spawn,
		lastOutputAt: facts.lastOutputAt ?? spawn.lastOutputAt,
		state,
		reason: describeState(spawn, state, facts, at),
		depth: 0,
		durationMs: durationOf(spawn, at),
	};
}

const severities: Readonly<Partial<Record<State, Severity>>> = {
	orphan: 'critical',
	stray: 'critical',
	lost: 'critical',
	stalled: 'warning',
	'no-session': 'warning',
	overdue: 'warning',
	quota: 'warning',
};

function alertOf(spawn: SpawnState, system: System): readonly Alert[] {
	const severity = severities[spawn.state];
	if (severity === undefined) return [];
	const kind = spawn.state as AlertKind;
	const since = (kind === 'stalled' ? spawn.lastOutputAt : spawn.attemptStartedAt) ?? spawn.createdAt;
	return [
		{
			id: `${kind} ${spawn.id} ${since}`,
			kind,
			severity,
			subject: spawn.id,
			spawn: spawn.id,
			channel: spawn.channel,
			text: `${spawn.agent} ${kind}: ${spawn.reason}`,
			help: system.kind === 'space-os' ? spaceOsHelpFor(spawn) : helpFor(spawn, severity),
			since,
			acknowledgedAt: null,
		},
	];
}

function helpFor({state, id}: SpawnState, severity: Severity): Help | null {
	if (state === 'quota') return null;
	return severity === 'warning'
		? {command: 'raid stop', spawn: id, binding: 'chain.kill'}
		: {command: 'raid cleanup', spawn: null, binding: null};
}

/** Its own commands; its `spawn stop` takes whole ids only, and reaches no stray. */
function spaceOsHelpFor({state, id}: SpawnState): Help {
	if (state === 'stray') return {command: 'kill PID', spawn: null, binding: null};
	const isGone = state === 'orphan' || state === 'lost';
	const command = isGone ? 'spawn cleanup' : `spawn stop ${id}`;
	return {command, spawn: null, binding: isGone ? null : 'chain.kill'};
}

function byUrgency(a: Alert, b: Alert): number {
	if (a.severity !== b.severity) return a.severity === 'critical' ? -1 : 1;
	return a.since - b.since;
}
