import type {Action, HoldScope, ResultOf, Results, StopReport} from '../model/action.ts';
import type {MentionRecord} from '../model/mention.ts';
import {shortId} from '../model/spawn.ts';

/** What came of an action, in one line. */
export function describeResult<A extends Action>(action: A, result: ResultOf<A>): string {
	// The compiler does not see that the two belong together.
	const {type, given} = {type: action.type, given: result} as Given;
	switch (type) {
		case 'post':
			return given.mentions.length === 0 ? 'Posted.' : `Posted: ${list(given.mentions)}.`;
		case 'stop':
			return given.spawns.length === 0 ? 'Nothing is live.' : given.spawns.map(describeStop).join(' ');
		case 'hold':
			return `${describeScope(given.scope)} on hold: agents start nothing new.`;
		case 'lift': {
			const lifted = given.wasHeld ? 'The hold is lifted' : 'There was no hold';
			return given.mentions.length === 0 ? `${lifted}.` : `${lifted}: ${list(given.mentions)}.`;
		}
		case 'release':
		case 'drop':
			return given.mentions.length === 0 ? 'Nothing was held.' : `${list(given.mentions)}.`;
		case 'retry':
			return `${given.isQueued ? 'Queued' : 'Launched'} #${shortId(given.spawn)}.`;
		case 'register':
			return `${given.isNew ? 'Registered' : 'Changed'} ${given.agent.identity}.`;
		case 'create-channel':
			return `Made #${given.name}.`;
		case 'set-limits':
			return 'The limits are changed.';
		case 'clean-up':
			return given.mended.length + given.strays.length === 0 ? 'Nothing to clean up.' : 'Cleaned up.';
		case 'acknowledge':
			return given.alerts.length === 1 ? 'Acknowledged.' : `Acknowledged ${given.alerts.length} alerts.`;
	}
}

type Given = {[T in Action['type']]: {readonly type: T; readonly given: Results[T]}}[Action['type']];

/** True for the result of a stop that left something alive, or that did not last. */
export function hasSurvivors({spawns}: Results['stop']): boolean {
	return spawns.some(({survivors, restartedAs = []}) => survivors.length + restartedAs.length > 0);
}

function list(mentions: readonly MentionRecord[]): string {
	return mentions.map(describeMention).join(', ');
}

function describeScope(scope: HoldScope): string {
	switch (scope.type) {
		case 'all':
			return 'All channels are';
		case 'channel':
			return `#${scope.channel} is`;
		case 'agent':
			return `@${scope.agent} is`;
	}
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
