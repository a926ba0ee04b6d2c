import {asleepBetween, awakeBetween} from './gap.ts';
import type {Spawn} from './spawn.ts';
import {type Circumstances, type ProcessFacts, type State, silenceOf} from './state.ts';
import {describeStandstill} from './supervisor.ts';
import {formatDuration, type Instant, type Milliseconds, second} from './time.ts';

/** One line that proves the state of a spawn; null when the state says it all. */
export function describeState(
	spawn: Spawn,
	state: State,
	facts: ProcessFacts,
	circumstances: Circumstances,
): string | null {
	const {at, turn, gaps, elsewhere} = circumstances;
	switch (state) {
		case 'stalled':
			return [silence(spawn, facts, circumstances), ...callOf(spawn, at), ...signsOfLife(spawn, facts)].join(
				', ',
			);
		case 'no-session':
			return ['no session yet', ...cpuOf(facts)].join(', ');
		case 'overdue':
			return [
				`running for ${formatDuration(awakeBetween(gaps, startOf(spawn, at), at))}`,
				...callOf(spawn, at),
				...sleep(spawn, circumstances),
			].join(', ');
		case 'working':
			return callOf(spawn, at).join('') || null;
		case 'orphan':
			if (facts.evidence !== null) return facts.evidence;
			return spawn.process === null ? 'its supervisor is gone' : `process ${spawn.process.pid} is gone`;
		case 'lost':
			return `no supervisor claimed it for ${formatDuration(turn?.type === 'next' ? awakeBetween(gaps, turn.since, at) : 0)}`;
		case 'starting':
			return facts.waitsFor === null ? null : `its supervisor waits: ${facts.waitsFor}`;
		case 'stuck':
			return facts.standstill === null
				? null
				: describeStandstill(facts.standstill, spawn.supervisor?.pid ?? null);
		case 'stray':
			return `has ended, but ${describePids(facts.strays)}`;
		case 'elsewhere':
			return `${spawn.status} ${elsewhere}: its processes cannot be seen from here`;
		case 'waiting':
			return 'turn ended';
		case 'blocked':
			return 'waits for an answer';
		case 'held':
			if (turn?.type === 'rebooted') return 'waits for the operator (reboot)';
			return spawn.hold === null
				? 'waits until the hold is lifted'
				: `waits for the operator (${spawn.hold})`;
		case 'quota':
			return `until ${new Date(spawn.resumeAt ?? at).toISOString()}`;
		case 'queued':
			return turn?.type === 'behind' ? `waits for a slot, number ${turn.position}` : 'waits for a slot';
		default:
			return spawn.killedBy === null ? spawn.failure : `by ${spawn.killedBy}`;
	}
}

/** When what runs now began. */
function startOf({attemptStartedAt}: Spawn, at: Instant): Instant {
	return attemptStartedAt ?? at;
}

/** The time that its machine slept, which does not count. */
function sleep(spawn: Spawn, {at, gaps}: Circumstances): readonly string[] {
	const asleepMs = asleepBetween(gaps, startOf(spawn, at), at);
	return asleepMs === 0 ? [] : [`the machine slept ${formatDuration(asleepMs)}`];
}

function silence(spawn: Spawn, facts: ProcessFacts, {at, gaps}: Circumstances): string {
	const duration = formatDuration(silenceOf(spawn, facts, at, gaps));
	if (spawn.retry === null) return `no output for ${duration}`;
	const {text, count} = spawn.retry;
	return `retrying: ${text} (${count} ${count === 1 ? 'time' : 'times'}) for ${duration}`;
}

// A call that takes a moment is not worth a word.
const longCallMs: Milliseconds = 10 * second;
const longestName = 60;
const shellTools = /^(?:Bash|Shell|shell|run_shell_command): /;

/** The call of a tool that has been open for long: `in cargo test 8m`. */
function callOf({openCall}: Spawn, at: Instant): readonly string[] {
	if (openCall === null || at - openCall.since < longCallMs) return [];
	const name = openCall.text.replace(shellTools, '').replaceAll(/\s+/g, ' ').trim();
	const short = name.length <= longestName ? name : `${name.slice(0, longestName - 1)}…`;
	return [`in ${short} ${formatDuration(at - openCall.since)}`];
}

function signsOfLife(spawn: Spawn, facts: ProcessFacts): readonly string[] {
	const session = facts.keepsSession ? [spawn.sessionId === null ? 'no session' : 'session seen'] : [];
	return [...session, ...cpuOf(facts)];
}

function cpuOf({cpuMs}: ProcessFacts): readonly string[] {
	return cpuMs === null ? [] : [`CPU ${(cpuMs / second).toFixed(1)}s total`];
}

function describePids(pids: readonly number[]): string {
	return pids.length === 1 ? `PID ${pids[0]} still runs` : `PIDs ${pids.join(', ')} still run`;
}
