import {type Alert, episodesOf, type Help} from '../alert.ts';
import type {Concerns, Failure} from '../concern.ts';
import type {Limits} from '../limits.ts';
import type {System} from '../system.ts';
import {type AlertParts, alertOf, alertSince, countOf, releaseHelp} from './parts.ts';

/** Failures in a row after which an agent is said to be failing. */
const failingAfter = 3;

/** Final failures: those with one cause are one alert. */
export function failedAlerts({concerns, system}: AlertParts): readonly Alert[] {
	const byCause = Map.groupBy(concerns.failures, causeOf);
	return [...byCause].flatMap(([cause, failures]) =>
		episodesOf('failed', cause, failures, concerns.recorded).map(episode => {
			const {occasions} = episode;
			const last = occasions.at(-1) as Failure;
			return alertOf(episode, {
				kind: 'failed',
				severity: 'warning',
				subject: cause,
				spawn: last.spawnId,
				channel: commonOf(occasions.map(({channel}) => channel)),
				text: describeFailures(occasions, last),
				help: retryHelp(last, system),
			});
		}),
	);
}

/**
 * What several failures have in common when they have one cause: what the CLI of one provider said. Where only the end
 * of a process is known, nothing says that two agents have the same trouble.
 */
function causeOf({agent, channel, provider, failure}: Failure): string {
	if (failure === null || isMereEnd(failure)) return `${agent} #${channel} ${kindOf(failure)}`;
	return `${provider} ${kindOf(failure)}`;
}

const mereEnds = /^(exit |ended by |exit code unknown|orphan\b|killed after |its supervisor )/;

function isMereEnd(failure: string): boolean {
	return mereEnds.test(failure);
}

const longestCause = 120;

/** A failure without the numbers and ids in it, which differ from time to time. */
function kindOf(failure: string | null): string {
	return (failure ?? 'failed')
		.replaceAll(/[\w-]+/g, word => (/\d/.test(word) ? '…' : word))
		.slice(0, longestCause);
}

function describeFailures(failures: readonly Failure[], last: Failure): string {
	const why = last.failure === null ? '' : `: ${last.failure}`;
	if (failures.length === 1) return `${last.agent} failed in #${last.channel}${why}`;
	const agents = [...new Set(failures.map(({agent}) => agent))];
	return agents.length === 1
		? `${last.agent} failed ${failures.length} times${why}`
		: `${failures.length} spawns of ${list(agents)} failed${why}`;
}

const mostNames = 3;

function list(names: readonly string[]): string {
	if (names.length <= mostNames) return names.join(', ');
	return `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`;
}

function commonOf<T>(values: readonly T[]): T | null {
	const [first] = values;
	return first !== undefined && values.every(value => value === first) ? first : null;
}

// A retry fails the same way until the program is there, or the login is.
function retryHelp({spawnId, cause}: Failure, {kind}: System): Help | null {
	if (cause !== null) return {command: 'raid doctor', spawn: null, binding: null};
	return kind === 'space-os' ? null : {command: 'raid retry', spawn: spawnId, binding: null};
}

/** Agents that fail again and again, or never get as far as a session. */
export function agentAlerts(parts: AlertParts): readonly Alert[] {
	return [...streakAlerts(parts), ...sessionlessAlerts(parts)];
}

function streakAlerts({concerns}: AlertParts): readonly Alert[] {
	const inARow = concerns.failures.filter(({isInARow}) => isInARow);
	const byAgent = Map.groupBy(inARow, ({agent, provider}) => `${agent} ${provider}`);
	return [...byAgent].flatMap(([subject, failures]) => {
		// From the third on: the alert begins with it.
		const occasions = failures.slice(failingAfter - 1);
		return episodesOf('agent-failing', subject, occasions, concerns.recorded).map(episode => {
			const {agent, provider, spawnId} = episode.occasions.at(-1) as Failure;
			return alertOf(episode, {
				kind: 'agent-failing',
				severity: 'warning',
				subject,
				spawn: spawnId,
				channel: null,
				text: `${agent} (${provider}) failed ${failures.length} times in a row`,
				help: {command: 'raid logs', spawn: spawnId, binding: null},
			});
		});
	});
}

function sessionlessAlerts({concerns}: AlertParts): readonly Alert[] {
	return concerns.sessionless.flatMap(({agent, provider, count, spawnId, at}) => {
		const content = {
			kind: 'agent-failing',
			severity: 'warning',
			subject: `${agent} ${provider} session`,
			spawn: spawnId,
			channel: null,
			text: `${agent} (${provider}) ended ${count} times and never began a session`,
			help: {command: 'raid doctor', spawn: null, binding: null},
		} as const;
		return alertSince(at, content, concerns);
	});
}

/** Channels whose breaker is open. */
export function breakerAlerts(parts: AlertParts): readonly Alert[] {
	const {concerns, limits} = parts;
	return [...concerns.failuresInARow].flatMap(([channel, times]) => {
		const openedAt = times[limits.breaker - 1];
		if (openedAt === undefined || !isBreakerOpen(concerns, limits, channel)) return [];
		const held = concerns.held.filter(entry => entry.channel === channel && entry.reason === 'breaker');
		const effect = held.length === 0 ? 'agents start nothing new' : `${countOf(held.length, 'mention')} held`;
		const content = {
			kind: 'breaker',
			severity: 'warning',
			subject: channel,
			spawn: null,
			channel,
			text: `The breaker of #${channel} is open after ${times.length} failures in a row: ${effect}`,
			help: releaseHelp(channel, 'breaker', parts),
		} as const;
		return alertSince(openedAt, content, concerns);
	});
}

/** True while so many spawns of a channel have failed in a row that agents start nothing new there. */
export function isBreakerOpen(
	{failuresInARow}: Concerns,
	{isGuarded, breaker}: Limits,
	channel: string,
): boolean {
	return isGuarded && (failuresInARow.get(channel)?.length ?? 0) >= breaker;
}
