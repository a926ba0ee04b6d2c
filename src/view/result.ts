import type {Action, HoldScope, ResultOf, Results, StopReport} from '../model/action.ts';
import {formatBytes} from '../model/bytes.ts';
import type {MentionRecord} from '../model/mention.ts';
import {shortId} from '../model/spawn.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import {nameOfId, type SpawnNames} from './names.ts';

/** The result of an action, in one line. */
export function describeResult<A extends Action>(
	action: A,
	result: ResultOf<A>,
	names: SpawnNames = nameOfId,
): string {
	// The compiler does not see that the two belong together.
	const {type, given} = {type: action.type, given: result} as Given;
	switch (type) {
		case 'post':
			if (!given.isPosted) return describeAccepted(given);
			return given.mentions.length === 0 ? 'Posted.' : `Posted: ${list(given.mentions, names)}.`;
		case 'stop':
			return describeStops(given, names).join(' ');
		case 'hold':
			return `${describeScope(given.scope)} on hold: agents start nothing new.`;
		case 'lift':
			return describeLift(given, names);
		case 'release':
		case 'drop':
			return given.mentions.length === 0 ? 'Nothing was held.' : `${list(given.mentions, names)}.`;
		case 'retry':
			return `${given.isQueued ? 'Queued' : 'Launched'} ${names(given.spawn)}.`;
		case 'register':
			return `${given.isNew ? 'Registered' : 'Changed'} ${sanitiseLine(given.agent.identity)}.`;
		case 'create-channel':
			return `Created #${sanitiseLine(given.name)}.`;
		case 'set-limits':
			return 'Changed the limits.';
		case 'clean-up':
			return given.mended.length + given.strays.length === 0 ? 'Nothing to clean up.' : 'Cleaned up.';
		case 'prune': {
			const size = formatBytes(given.bytes);
			return given.spawns.length === 0
				? 'Nothing to remove.'
				: `Removed ${given.spawns.length} logs, ${size}.`;
		}
		case 'end-elsewhere':
			return describeEndedRecord(given, names);
		case 'acknowledge':
			return given.alerts.length === 1 ? 'Acknowledged.' : `Acknowledged ${given.alerts.length} alerts.`;
	}
}

type Given = {[T in Action['type']]: {readonly type: T; readonly given: Results[T]}}[Action['type']];

function describeEndedRecord({spawn, followUp}: Results['end-elsewhere'], names: SpawnNames): string {
	const next = followUp === null ? '' : ` ${names(followUp)} answers what waited behind it.`;
	return `The record of ${names(spawn)} has ended; no process was signalled.${next}`;
}

/** True for the result of a stop after which something still lives, or lives again. */
export function hasSurvivors({spawns}: Results['stop']): boolean {
	return spawns.some(({survivors, restartedAs = []}) => survivors.length + restartedAs.length > 0);
}

function list(mentions: readonly MentionRecord[], names: SpawnNames): string {
	return mentions.map(mention => describeMention(mention, names)).join(', ');
}

function describeLift({scope, wasHeld, isStillHeld, mentions}: Results['lift'], names: SpawnNames): string {
	const nothing = scope.type === 'all' ? 'Nothing is on hold.' : `${describeScope(scope)} not on hold.`;
	return [
		...(wasHeld ? ['The hold is lifted.'] : []),
		...(wasHeld || mentions.length > 0 ? [] : [nothing]),
		...(mentions.length > 0 ? [`Released: ${list(mentions, names)}.`] : []),
		...(isStillHeld ? ['Everything is still on hold; lift that: raid release'] : []),
	].join(' ');
}

function describeScope(scope: HoldScope): string {
	switch (scope.type) {
		case 'all':
			return 'All channels are';
		case 'channel':
			return `#${sanitiseLine(scope.channel)} is`;
		case 'agent':
			return `@${sanitiseLine(scope.agent)} is`;
	}
}

/** A mention and its outcome: `@hailot launched #1a2b`. */
export function describeMention(
	{identity, outcome, reason, spawnId}: MentionRecord,
	names: SpawnNames = nameOfId,
): string {
	const why = reason === null ? '' : ` (${sanitiseLine(reason)})`;
	return `@${sanitiseLine(identity)} ${outcome}${why}${spawnId === null ? '' : ` ${names(spawnId)}`}`;
}

/** The effect of a stop, in lines: one for each spawn, then what else the operator must know. */
export function describeStops(
	{spawns, problems = []}: Results['stop'],
	names: SpawnNames = nameOfId,
): readonly string[] {
	const reports =
		spawns.length === 0 ? ['Nothing is live.'] : spawns.map(report => describeStop(report, names));
	return [...reports, ...problems.map(sanitiseLine)];
}

/** The effect of a stop on one spawn. */
function describeStop(report: StopReport, names: SpawnNames = nameOfId): string {
	const {id, agent, hadEnded, signalled, survivors, elsewhere, restartedAs = []} = report;
	const name = `${sanitiseLine(agent)} ${names(id)}`;
	if (elsewhere !== undefined) {
		return `${name} is ${elsewhere}, so nothing of it was signalled. Run raid stop there; when that place is gone: raid cleanup --elsewhere ${shortId(id)}`;
	}
	if (restartedAs.length > 0) {
		const left = survivors.length === 0 ? '' : `; of the first run these still live: ${survivors.join(', ')}`;
		return `${name} was stopped, but it runs again as PID ${restartedAs.join(', ')}${left}.`;
	}
	if (hadEnded) return `${name} had already ended.`;
	if (survivors.length > 0) return `${name} was killed, but these still live: ${survivors.join(', ')}.`;
	return `${name} was killed (${signalled.length === 0 ? 'no process ran' : `pid ${signalled.join(', ')}`}).`;
}

/** A message that its spawn's supervisor has not posted yet, in one line. */
export function describeAccepted({messageId}: Results['post']): string {
	return `Accepted: message ${messageId} is kept, and the supervisor will post it. Do not send it again.`;
}
