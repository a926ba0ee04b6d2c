import {type Agent, defaultLaunch} from '../../src/model/agent.ts';
import {type Concerns, noConcerns} from '../../src/model/concern.ts';
import {defaultLimits, type Limits} from '../../src/model/limits.ts';
import type {MessageWithMentions} from '../../src/model/message.ts';
import {type Raid, type Records, raidOf} from '../../src/model/raid.ts';
import type {Spawn, SpawnId} from '../../src/model/spawn.ts';
import type {ProcessFacts} from '../../src/model/state.ts';
import {noRefusals} from '../../src/model/system.ts';

/** An instant that tests count from. */
export const noon = Date.UTC(2026, 0, 1, 12);

/** A working spawn that began at noon. */
export function aSpawn(parts: Partial<Spawn> = {}): Spawn {
	return {
		id: '019a0000-0000-7000-8000-00000000abcd',
		parentId: null,
		agent: 'hailot',
		model: 'haiku',
		provider: 'scripted',
		role: null,
		channel: 'general',
		status: 'running',
		messageId: null,
		sessionId: 'session',
		process: {pid: 4242, started: 'boot-1'},
		supervisor: {pid: 4241, started: 'boot-1'},
		attempt: 1,
		createdAt: noon,
		startedAt: noon,
		attemptStartedAt: noon,
		attemptEndedAt: null,
		endedAt: null,
		lastOutputAt: noon,
		exitCode: null,
		signal: null,
		failure: null,
		killedBy: null,
		tokensIn: null,
		tokensOut: null,
		costUsd: null,
		sessionFile: null,
		retry: null,
		openCall: null,
		lastCpuAt: null,
		denials: [],
		cause: null,
		machine: 'machine',
		boot: 'boot',
		namespace: null,
		sequence: 1,
		rootMessageId: null,
		retryOf: null,
		hold: null,
		resumeAt: null,
		releasedAt: null,
		seenProcesses: [],
		isTombstone: false,
		isParked: false,
		...parts,
	};
}

/** A healthy process. */
export function someFacts(parts: Partial<ProcessFacts> = {}): ProcessFacts {
	return {
		isAlive: true,
		isSupervised: true,
		standstill: null,
		waitsFor: null,
		lastOutputAt: noon,
		cpuMs: null,
		strays: [],
		keepsSession: true,
		hasOutput: true,
		evidence: null,
		...parts,
	};
}

/** An agent that can be mentioned. */
export function anAgent(parts: Partial<Agent> = {}): Agent {
	return {
		identity: 'hailot',
		model: 'haiku',
		provider: 'scripted',
		role: 'dps',
		constitution: null,
		launch: defaultLaunch,
		spawns: 0,
		failures: 0,
		tokensIn: null,
		tokensOut: null,
		costUsd: null,
		createdAt: noon,
		archivedAt: null,
		...parts,
	};
}

/** A message of the human at noon. */
export function aMessage(parts: Partial<MessageWithMentions> = {}): MessageWithMentions {
	return {
		id: 'message-1',
		channel: 'general',
		from: 'human',
		text: 'hello',
		at: noon,
		mentions: [],
		...parts,
	};
}

/** What a test says of a raid. */
export interface RaidParts extends Partial<Omit<Records, 'concerns' | 'limits'>> {
	readonly concerns?: Partial<Concerns>;
	readonly limits?: Partial<Limits>;
	/** What the operating system says; healthy processes where nothing is given. */
	readonly facts?: Readonly<Record<SpawnId, Partial<ProcessFacts>>>;
}

/** A raid in the channel `general`. */
export function aRaid({concerns, limits, facts = {}, ...parts}: RaidParts = {}, at = noon): Raid {
	const spawns = parts.spawns ?? [];
	const count = (status: string) => spawns.filter(spawn => spawn.status === status).length;
	const records: Records = {
		home: '/home/me/project/.raid',
		stoppedAt: null,
		db: '/home/me/project/.raid/raid.db',
		agents: [anAgent(), anAgent({identity: 'sonnelot'})],
		channels: [
			{
				name: 'general',
				topic: null,
				messages: 0,
				lastMessageAt: null,
				createdAt: noon,
				archivedAt: null,
				failuresInARow: 0,
			},
		],
		messages: [],
		channel: 'general',
		held: 0,
		holds: [],
		gaps: [],
		namesakes: [],
		limits: {...defaultLimits, ...limits},
		inspected: null,
		disk: null,
		here: {machine: 'machine', boot: 'boot', namespace: 'pid:[1]'},
		system: {kind: 'raidwatch', name: 'raid', location: 'project', note: '', refusals: noRefusals},
		totals: {
			pending: count('pending'),
			running: count('running'),
			completed: count('completed'),
			failed: count('failed'),
			timeout: count('timeout'),
			killed: count('killed'),
		},
		...parts,
		concerns: {...noConcerns, ...concerns},
		spawns,
	};
	const allFacts = spawns.map(({id}): [SpawnId, ProcessFacts] => [
		id,
		someFacts({lastOutputAt: at, ...facts[id]}),
	]);
	return raidOf(records, new Map(allFacts), at);
}
