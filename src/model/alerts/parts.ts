import type {HoldScope} from '../action.ts';
import {type Alert, type Episode, episodesOf, type Help} from '../alert.ts';
import type {Concerns} from '../concern.ts';
import type {Gap} from '../gap.ts';
import type {Limits} from '../limits.ts';
import type {SpawnState} from '../raid.ts';
import type {Status} from '../spawn.ts';
import type {System} from '../system.ts';
import type {Instant} from '../time.ts';
import type {Stranger} from './strangers.ts';

/** The parts of a raid that alerts come from. */
export interface AlertParts {
	readonly spawns: readonly SpawnState[];
	/** Spawns of the whole store, by status. */
	readonly totals: Readonly<Record<Status, number>>;
	readonly concerns: Concerns;
	readonly limits: Limits;
	/** Where agents start nothing new. */
	readonly holds: readonly HoldScope[];
	/** When machines slept. */
	readonly gaps: readonly Gap[];
	readonly system: System;
	/** Why the configuration cannot be used; null when it can, or where nobody looked. */
	readonly configError?: string | null;
	/** Spawns that run and that the store does not know; none where nobody looked. */
	readonly strangers?: readonly Stranger[];
}

/** An alert without the parts that its episode gives. */
export type AlertContent = Omit<Alert, 'id' | 'since' | 'acknowledgedAt'>;

/** The alert of one episode. */
export function alertOf(
	{id, since, acknowledgedAt}: Omit<Episode<never>, 'occasions'>,
	content: AlertContent,
): Alert {
	return {id, since, acknowledgedAt, ...content};
}

/** The alert of something that began once, and not again while it lasts. */
export function alertSince(since: Instant, content: AlertContent, {recorded}: Concerns): readonly Alert[] {
	const {kind, subject} = content;
	const own = recorded.filter(({since: begun}) => begun === since);
	return episodesOf(kind, subject, [{at: since}], own).map(episode => alertOf(episode, content));
}

/** A number with its noun and verb: `1 mention is`, `3 mentions are`. */
export function countOf(count: number, noun: string): string {
	return count === 1 ? `1 ${noun} is` : `${count} ${noun}s are`;
}

/** How a message in a channel is answered. */
export function answerHelp(channel: string, {kind}: System): Help {
	const program = kind === 'space-os' ? 'bridge' : 'raid';
	return {command: `${program} send ${channel} 'your answer'`, spawn: null, binding: 'channel.message'};
}

/** How everything that is held in a channel is released; null where nothing of ours can do that. */
export function releaseHelp(
	channel: string,
	reason: string | null,
	{system, holds}: Pick<AlertParts, 'system' | 'holds'>,
): Help | null {
	if (system.kind === 'space-os') return null;
	const scope = reason === 'hold' ? scopeThatHolds(channel, holds) : channel;
	// What the leash or the completion rule held is released only when everything is asked for.
	const all = reason === 'settled' || reason === 'leash' ? '--all' : '';
	const command = ['raid release', scope, all].filter(word => word !== '').join(' ');
	return {command, spawn: null, binding: 'channel.release'};
}

/** The arguments of `raid release` that lift the hold of a channel's mentions: the widest one holds them. */
function scopeThatHolds(channel: string, holds: readonly HoldScope[]): string {
	if (holds.some(({type}) => type === 'all')) return '';
	if (holds.some(scope => scope.type === 'channel' && scope.channel === channel)) return channel;
	const agents = holds.flatMap(scope => (scope.type === 'agent' ? [scope.agent] : []));
	return agents.length === 1 ? `--agent ${agents[0]}` : '';
}
