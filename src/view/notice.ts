import {describeError} from '../errors.ts';
import type {ActionResult, StopReport} from '../model/action.ts';
import type {MentionRecord} from '../model/mention.ts';
import {shortId} from '../model/spawn.ts';
import type {Notice} from './state.ts';

/** What came of an action, in one line. */
export function noticeOf(result: ActionResult): Notice {
	if (result.type === 'posted') {
		const mentions = result.mentions.map(describeMention).join(', ');
		return {text: mentions === '' ? 'Posted.' : `Posted: ${mentions}.`, isProblem: false};
	}
	if (result.type === 'held')
		return {text: `${placeOf(result.channel)} on hold: nothing new starts.`, isProblem: false};
	if (result.type === 'settled') {
		const told = result.mentions.map(describeMention).join(', ');
		return {text: told === '' ? 'Done: nothing was held.' : `Done: ${told}.`, isProblem: false};
	}
	const {spawns} = result;
	const isProblem = spawns.some(({survivors, restartedAs = []}) => survivors.length + restartedAs.length > 0);
	return {text: spawns.length === 0 ? 'Nothing is live.' : spawns.map(describeStop).join(' '), isProblem};
}

function placeOf(channel: string | null): string {
	return channel === null ? 'All channels are' : `#${channel} is`;
}

/** What went wrong, in one line. */
export function problemOf(error: unknown): Notice {
	return {text: describeError(error), isProblem: true};
}

/** What became of one mention: `@hailot launched #1a2b`. */
export function describeMention({identity, outcome, reason, spawnId}: MentionRecord): string {
	const why = reason === null ? '' : ` (${reason})`;
	return `@${identity} ${outcome}${why}${spawnId === null ? '' : ` #${shortId(spawnId)}`}`;
}

/** What a stop did to one spawn. */
export function describeStop(report: StopReport): string {
	const {id, agent, hadEnded, signalled, survivors, restartedAs = []} = report;
	const name = `${agent} #${shortId(id)}`;
	if (restartedAs.length > 0) {
		const left = survivors.length === 0 ? '' : `; left of the old run: ${survivors.join(', ')}`;
		return `${name} was stopped, but it runs again as PID ${restartedAs.join(', ')}${left}.`;
	}
	if (hadEnded) return `${name} had already ended.`;
	if (survivors.length > 0) return `${name} was killed, but these still live: ${survivors.join(', ')}.`;
	return `${name} was killed (${signalled.length === 0 ? 'nothing ran' : `pid ${signalled.join(', ')}`}).`;
}
