import {type Alert, type AlertKind, episodesOf, type Severity} from '../alert.ts';
import type {HeldConcern} from '../concern.ts';
import type {HoldReason} from '../mention.ts';
import {isBreakerOpen} from './failures.ts';
import {type AlertParts, alertOf, countOf, releaseHelp} from './parts.ts';

interface Meaning {
	readonly kind: AlertKind;
	readonly severity: Severity;
	readonly why: string;
}

const meanings: Readonly<Record<HoldReason, Meaning>> = {
	settled: {kind: 'held', severity: 'notice', why: 'because the work was called done'},
	leash: {kind: 'leash', severity: 'warning', why: 'because the leash is used up'},
	breaker: {kind: 'held', severity: 'warning', why: 'since the breaker opened'},
	provider: {kind: 'held', severity: 'warning', why: 'because the CLI is missing or its login refused'},
	hold: {kind: 'held', severity: 'warning', why: 'by the operator'},
	stopped: {kind: 'held', severity: 'warning', why: 'since everything was stopped'},
	reboot: {kind: 'held', severity: 'warning', why: 'since the machine restarted'},
	install: {kind: 'held', severity: 'warning', why: 'because raid or Node was removed'},
};

const unknown: Meaning = {kind: 'held', severity: 'warning', why: 'until they are released'};

/** The meaning of what is held. What starts by itself needs nobody: the alert only says when. */
function meaningOf(reason: string, held: readonly HeldConcern[]): Meaning {
	const meaning = (meanings as Readonly<Record<string, Meaning>>)[reason] ?? unknown;
	const starts = held.flatMap(({startsAt}) => (startsAt === null ? [] : [startsAt]));
	if (starts.length < held.length) return meaning;
	const next = Math.min(...starts);
	const when = next === 0 ? 'now' : `at ${new Date(next).toISOString()}`;
	return {...meaning, severity: 'notice', why: `${meaning.why}; the next starts by itself ${when}`};
}

/** Mentions that wait for the operator, by channel and reason. Those of an open breaker are part of its alert. */
export function heldAlerts(parts: AlertParts): readonly Alert[] {
	const {concerns, limits} = parts;
	const shown = concerns.held.filter(
		({reason, channel}) => reason !== 'breaker' || !isBreakerOpen(concerns, limits, channel),
	);
	const bySubject = Map.groupBy(shown, ({channel, reason}) => `#${channel} ${reason}`);
	return [...bySubject].flatMap(([subject, held]) => {
		const {channel, reason} = held[0] as HeldConcern;
		const {kind, severity, why} = meaningOf(reason, held);
		return episodesOf(kind, subject, held, concerns.recorded).map((episode, index) =>
			alertOf(episode, {
				kind,
				severity,
				subject,
				spawn: null,
				channel,
				text: `${countOf(episode.occasions.length, index === 0 ? 'mention' : 'more mention')} held in #${channel} ${why}`,
				help: releaseHelp(channel, reason, parts),
			}),
		);
	});
}
