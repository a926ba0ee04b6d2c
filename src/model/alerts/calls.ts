import {type Alert, episodesOf} from '../alert.ts';
import {blockedCalls, type Call, openCalls} from '../concern.ts';
import {type AlertParts, alertOf, answerHelp} from './parts.ts';

/** Agents that call a human and have had no answer in their channel. */
export function callAlerts(parts: AlertParts): readonly Alert[] {
	const {calls} = parts.concerns;
	return [
		...alertsOfCalls('blocked', blockedCalls(calls), parts),
		...alertsOfCalls('called', openCalls(calls), parts),
	];
}

function alertsOfCalls(
	kind: 'blocked' | 'called',
	calls: readonly Call[],
	{concerns, system}: AlertParts,
): readonly Alert[] {
	const bySubject = Map.groupBy(calls, ({agent, channel}) => `${agent} #${channel}`);
	return [...bySubject].flatMap(([subject, own]) =>
		episodesOf(kind, subject, own, concerns.recorded).map(episode => {
			const {agent, channel, spawnId, text} = episode.occasions.at(-1) as Call;
			return alertOf(episode, {
				kind,
				severity: 'critical',
				subject,
				spawn: spawnId,
				channel,
				text: `${agent} ${kind === 'blocked' ? 'is blocked' : 'calls you'} in #${channel}: ${text}`,
				help: answerHelp(channel, system),
			});
		}),
	);
}
