import type {Alert, Help} from '../alert.ts';
import {blockedCalls, type HeldConcern, openCalls} from '../concern.ts';
import type {SpawnState} from '../raid.ts';
import type {State} from '../state.ts';
import type {Instant} from '../time.ts';
import {type AlertParts, alertSince, answerHelp, countOf, releaseHelp} from './parts.ts';

/** The raid as a whole. */
const subject = 'raid';

/** States of a pending spawn that ends or starts without a person. */
const willMove: ReadonlySet<State> = new Set(['queued', 'starting', 'quota', 'lost', 'stopping']);

/** The night stands still: something waits for a person, nothing runs, and nothing will start by itself. */
export function idleAlerts(parts: AlertParts): readonly Alert[] {
	const {concerns, spawns, totals} = parts;
	if (totals.running > 0 || spawns.some(({state}) => willMove.has(state))) return [];
	if (concerns.held.some(({startsAt}) => startsAt !== null)) return [];
	const waits = whatWaits(parts);
	const [loudest] = waits;
	if (loudest === undefined) return [];
	const since = concerns.lastRunAt ?? Math.min(...waits.map(({at}) => at));
	const content = {
		kind: 'idle',
		severity: 'warning',
		subject,
		spawn: null,
		channel: null,
		text: `Nothing runs, and nothing will start by itself: ${waits.map(({why}) => why).join(', ')}`,
		help: loudest.help,
	} as const;
	return alertSince(since, content, concerns);
}

/** Nothing is live or queued any more, and nothing waits for a person. */
export function overAlerts(parts: AlertParts): readonly Alert[] {
	const {concerns, totals} = parts;
	const since = concerns.lastEndAt;
	if (totals.pending + totals.running > 0 || since === null || whatWaits(parts).length > 0) return [];
	const content = {
		kind: 'over',
		severity: 'notice',
		subject,
		spawn: null,
		channel: null,
		text: 'The raid is over: nothing runs, and nothing waits',
		help: null,
	} as const;
	return alertSince(since, content, concerns);
}

interface Waiting {
	readonly at: Instant;
	readonly why: string;
	readonly help: Help | null;
}

/** Everything that waits for a person, the most urgent first. */
function whatWaits(parts: AlertParts): readonly Waiting[] {
	return [...waitingCalls(parts), ...waitingMentions(parts), ...waitingSpawns(parts)];
}

function waitingCalls({concerns: {calls}, system}: AlertParts): readonly Waiting[] {
	return [...blockedCalls(calls), ...openCalls(calls)].map(({agent, channel, claim, at}) => ({
		at,
		why: `${agent} ${claim === 'blocked' ? 'is blocked' : 'waits for an answer'} in #${channel}`,
		help: answerHelp(channel, system),
	}));
}

// What the completion rule held is not needed any more: somebody has called it done.
function waitingMentions(parts: AlertParts): readonly Waiting[] {
	const needed = parts.concerns.held.filter(({reason}) => reason !== 'settled');
	const groups = Map.groupBy(needed, ({channel, reason}) => `#${channel} (${reason})`);
	return [...groups].map(([where, held]) => {
		const {channel, reason, at} = held[0] as HeldConcern;
		return {
			at,
			why: `${countOf(held.length, 'mention')} held in ${where}`,
			help: releaseHelp(channel, reason, parts),
		};
	});
}

function waitingSpawns(parts: AlertParts): readonly Waiting[] {
	return parts.spawns
		.filter(({state}) => state === 'held')
		.map(({agent, channel, createdAt, reason, hold}: SpawnState) => ({
			at: createdAt,
			why: `${agent} ${reason}`,
			help: releaseHelp(channel, hold ?? 'hold', parts),
		}));
}
