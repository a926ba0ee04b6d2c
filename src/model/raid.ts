import type {Agent} from './agent.ts';
import {type ChainRow, chainOf} from './chain.ts';
import type {Channel} from './channel.ts';
import {describeHealth} from './evidence.ts';
import {type Health, healthOf, noFacts, type ProcessFacts, type Severity, severityOf} from './health.ts';
import type {Limits} from './limits.ts';
import type {MessageWithMentions} from './message.ts';
import type {SpaceOs} from './space-os.ts';
import {durationOf, type Spawn, type SpawnId, type Status} from './spawn.ts';
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
	/** Channels on hold; `*` stands for all of them. */
	readonly holds: readonly string[];
	/** Spawns of the whole store, by status. */
	readonly totals: Readonly<Record<Status, number>>;
	/** The channel that the messages are of; null when there is none. */
	readonly channel: string | null;
	/** Null for a workspace of ours. */
	readonly spaceOs: SpaceOs | null;
}

/** A spawn as it is at one instant. */
export interface SpawnState extends Spawn {
	readonly health: Health;
	/** The evidence, and what helps; null when all is well. */
	readonly reason: string | null;
	readonly depth: number;
	readonly durationMs: Milliseconds;
}

/** Something that the operator should look at. */
export interface Alert {
	readonly kind: Health;
	readonly severity: Severity;
	readonly spawn: SpawnId;
	readonly text: string;
	/** The command that helps, with the whole id where it names a spawn. */
	readonly help: string;
	readonly since: Instant;
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
	const states = records.spawns.map(spawn =>
		stateOf(spawn, facts.get(spawn.id) ?? noFacts, limits, at, isFull),
	);
	const chain = chainOf(states).map(row => ({...row, spawn: {...row.spawn, depth: row.depth}}));
	const spawns = chain
		.map(row => row.spawn)
		.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
	const alerts = spawns.flatMap(spawn => alertOf(spawn, records.spaceOs !== null)).sort(byUrgency);
	return {...records, at, spawns, chain, alerts, limits};
}

function stateOf(
	spawn: Spawn,
	facts: ProcessFacts,
	limits: Limits,
	at: Instant,
	isFull: boolean,
): SpawnState {
	const health = healthOf(spawn, facts, at, limits, isFull);
	return {
		...spawn,
		lastOutputAt: facts.lastOutputAt ?? spawn.lastOutputAt,
		health,
		reason: describeHealth(spawn, health, facts, at),
		depth: 0,
		durationMs: durationOf(spawn, at),
	};
}

function alertOf(spawn: SpawnState, isOfSpaceOs: boolean): readonly Alert[] {
	const severity = severityOf(spawn.health);
	if (severity === null) return [];
	const since = spawn.health === 'stalled' ? spawn.lastOutputAt : spawn.attemptStartedAt;
	const text = `${spawn.agent} ${spawn.health}: ${spawn.reason}`;
	const help = isOfSpaceOs ? spaceOsHelpFor(spawn) : helpFor(spawn, severity);
	return [{kind: spawn.health, severity, spawn: spawn.id, text, help, since: since ?? spawn.createdAt}];
}

function helpFor({health, id}: SpawnState, severity: Severity): string {
	if (health === 'quota') return 'it resumes by itself';
	return severity === 'warning' ? `raid stop ${id}` : 'raid cleanup';
}

/** Its own commands; its `spawn stop` takes whole ids only, and reaches no stray. */
function spaceOsHelpFor({health, id}: SpawnState): string {
	if (health === 'stray') return 'kill PID';
	return health === 'orphan' || health === 'lost' ? 'spawn cleanup' : `spawn stop ${id}`;
}

function byUrgency(a: Alert, b: Alert): number {
	if (a.severity !== b.severity) return a.severity === 'critical' ? -1 : 1;
	return a.since - b.since;
}
