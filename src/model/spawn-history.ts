import type {Exit} from './attempt.ts';
import {mergedDenials} from './denial.ts';
import type {Event, Progress} from './event.ts';
import type {AttemptRecord, SpawnRecord} from './record.ts';
import type {Instant} from './time.ts';

/** The record of one spawn, rebuilt from its own events, in their order; null when they do not say that it was created. */
export function spawnFrom(events: readonly Event[]): SpawnRecord | null {
	return events.reduce<SpawnRecord | null>(spawnAfter, null);
}

/** The record of a spawn after one more of its events. An event that does not change it leaves it as it is. */
export function spawnAfter(before: SpawnRecord | null, event: Event): SpawnRecord | null {
	if (event.kind === 'spawn-created') return createdSpawn(event);
	if (event.kind === 'imported') {
		const {type, record} = event.record;
		return type === 'spawn' ? {...importedSpawn(record), sequence: event.sequence} : before;
	}
	return before === null ? null : changedSpawn(before, event);
}

// A record that an older version imported has fewer parts.
function importedSpawn(record: SpawnRecord): SpawnRecord {
	const attempts = record.attempts.map(attempt => ({...attempt, denials: attempt.denials ?? []}));
	return {...blank, ...record, attempts};
}

function createdSpawn(event: Event<'spawn-created'>): SpawnRecord {
	const {agent, model, role, provider, channel, parentId, messageId, rootMessageId, retryOf} = event;
	const {machine, boot, namespace} = event;
	return {
		...blank,
		id: event.spawn,
		sequence: event.sequence,
		createdAt: event.at,
		...{agent, model, role, provider, channel, parentId, messageId, rootMessageId, retryOf},
		...{machine, boot, namespace},
	};
}

const blank = {
	status: 'pending',
	sessionId: null,
	process: null,
	supervisor: null,
	attempt: 0,
	startedAt: null,
	attemptStartedAt: null,
	attemptEndedAt: null,
	endedAt: null,
	lastOutputAt: null,
	exitCode: null,
	signal: null,
	failure: null,
	cause: null,
	killedBy: null,
	sessionFile: null,
	tokensIn: null,
	tokensOut: null,
	costUsd: null,
	retry: null,
	openCall: null,
	lastCpuAt: null,
	denials: [],
	hold: null,
	releasedAt: null,
	seenProcesses: [],
	resumeAt: null,
	isTombstone: false,
	isParked: false,
	constitutionHash: null,
	attempts: [],
} as const;

function changedSpawn(spawn: SpawnRecord, event: Event): SpawnRecord {
	switch (event.kind) {
		case 'spawn-claimed': {
			const {supervisor, provider, model, role} = event;
			return {...spawn, status: 'running', supervisor, provider, model, role};
		}
		case 'spawn-unclaimed':
			return {...spawn, status: 'pending', supervisor: null};
		case 'spawn-adopted':
			return {...spawn, supervisor: event.supervisor};
		case 'spawn-parked':
			return {...spawn, status: 'pending', supervisor: null, process: null, resumeAt: event.resumeAt};
		case 'spawn-held':
			return {...spawn, hold: event.reason};
		case 'spawn-unheld':
			return {
				...spawn,
				hold: null,
				releasedAt: event.at,
				machine: event.machine,
				boot: event.boot,
				namespace: event.namespace,
			};
		case 'processes-seen':
			return {...spawn, seenProcesses: event.processes};
		case 'kill-asked':
			return {...spawn, killedBy: event.by};
		case 'chain-killed':
			return {...spawn, isTombstone: true};
		case 'constitution-given':
			return {...spawn, constitutionHash: event.hash};
		case 'spawn-ended':
			return {
				...spawn,
				status: event.status,
				failure: event.failure,
				cause: event.cause ?? null,
				endedAt: event.at,
			};
		default:
			return withChangedAttempts(spawn, event);
	}
}

function withChangedAttempts(spawn: SpawnRecord, event: Event): SpawnRecord {
	switch (event.kind) {
		case 'session-file-found':
			return {...spawn, sessionFile: event.path};
		case 'attempt-began':
			return withAttempts({...spawn, ...unbegun}, [...spawn.attempts, begunAttempt(event.attempt, event.at)]);
		case 'attempt-started':
			return {
				...withAttempt(spawn, event.attempt, () => ({pid: event.process.pid})),
				process: event.process,
			};
		case 'attempt-progressed':
			return progressed(spawn, event);
		case 'attempt-ended':
			return withAttempt({...spawn, openCall: null}, event.attempt, attempt => ({
				endedAt: event.at,
				lastOutputAt: event.lastOutputAt ?? attempt.lastOutputAt,
				...exitColumns(event.exit),
				failure: event.failure,
				isParked: event.isParked,
			}));
		default:
			return spawn;
	}
}

/** The parts of a spawn that belong to its latest attempt, before that has revealed them. */
const unbegun = {
	process: null,
	sessionId: null,
	sessionFile: null,
	retry: null,
	openCall: null,
	lastCpuAt: null,
} as const;

/** The exit code and the signal of an exit, as the record names them. */
export function exitColumns(exit: Exit): {readonly exitCode: number | null; readonly signal: string | null} {
	return {
		exitCode: exit.type === 'exited' ? exit.code : null,
		signal: exit.type === 'signalled' ? exit.signal : null,
	};
}

function begunAttempt(attempt: number, startedAt: Instant): AttemptRecord {
	return {
		attempt,
		pid: null,
		startedAt,
		endedAt: null,
		lastOutputAt: null,
		exitCode: null,
		signal: null,
		failure: null,
		isParked: false,
		sessionId: null,
		tokensIn: null,
		tokensOut: null,
		costUsd: null,
		denials: [],
	};
}

function progressed(spawn: SpawnRecord, event: Event<'attempt-progressed'>): SpawnRecord {
	const after = withAttempt(spawn, event.attempt, attempt => ({
		sessionId: event.sessionId ?? attempt.sessionId,
		tokensIn: event.tokensIn ?? attempt.tokensIn,
		tokensOut: event.tokensOut ?? attempt.tokensOut,
		costUsd: event.costUsd ?? attempt.costUsd,
		lastOutputAt: event.lastOutputAt ?? attempt.lastOutputAt,
		// An older version recorded none.
		denials: event.denials ?? attempt.denials,
	}));
	return {
		...after,
		sessionId: event.sessionId ?? spawn.sessionId,
		retry: event.retry,
		openCall: event.openCall ?? null,
		lastCpuAt: event.lastCpuAt ?? spawn.lastCpuAt,
		denials: mergedDenials(after.attempts.map(({denials}) => denials)),
		tokensIn: sumOf(after.attempts, 'tokensIn'),
		tokensOut: sumOf(after.attempts, 'tokensOut'),
		costUsd: sumOf(after.attempts, 'costUsd'),
	};
}

function sumOf(attempts: readonly AttemptRecord[], key: keyof Progress & keyof AttemptRecord): number | null {
	const known = attempts.map(attempt => attempt[key]).filter(value => typeof value === 'number');
	return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function withAttempt(
	spawn: SpawnRecord,
	number: number,
	change: (attempt: AttemptRecord) => Partial<AttemptRecord>,
): SpawnRecord {
	return withAttempts(
		spawn,
		spawn.attempts.map(attempt => (attempt.attempt === number ? {...attempt, ...change(attempt)} : attempt)),
	);
}

/** A spawn says of its attempts when the first one started, and how the latest one is. */
function withAttempts(spawn: SpawnRecord, attempts: SpawnRecord['attempts']): SpawnRecord {
	const latest = attempts.at(-1);
	return {
		...spawn,
		attempts,
		attempt: latest?.attempt ?? 0,
		startedAt: attempts.find(({attempt}) => attempt === 1)?.startedAt ?? null,
		attemptStartedAt: latest?.startedAt ?? null,
		attemptEndedAt: latest?.endedAt ?? null,
		lastOutputAt: latest?.lastOutputAt ?? null,
		exitCode: latest?.exitCode ?? null,
		signal: latest?.signal ?? null,
		isParked: latest?.isParked ?? false,
	};
}
