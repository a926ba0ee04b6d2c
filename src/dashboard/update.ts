import {describeError, NotStartedError} from '../errors.ts';
import type {Action, ResultOf} from '../model/action.ts';
import type {Raid} from '../model/raid.ts';
import {refusalToWrite, refuse, type Step} from './binding.ts';
import {type, write} from './composer/composer.ts';
import {draftWith, emptyDraft} from './composer/draft.ts';
import {heardBindings} from './keymap.ts';
import {readOlder} from './panes/tail.ts';
import {topDialog, type ViewState, withDraft} from './state.ts';

/** The step of a key: that of its binding, or a character for the composer. */
export function press(key: string, view: ViewState, raid: Raid): Step {
	const calm = {...view, notice: null};
	const binding = heardBindings(view).find(({keys}) => keys.includes(key));
	if (binding !== undefined) {
		const refusal = binding.refusal(raid, view);
		return refusal === null ? binding.press(calm, raid) : refuse(calm, refusal);
	}
	return topDialog(view) === null && view.focus === 'composer' ? type(key, calm) : {view};
}

/** The step of a pasted text: it is inserted into the draft, and never taken for keys. A dialog ignores it. */
export function paste(text: string, view: ViewState, raid: Raid): Step {
	if (topDialog(view) !== null) return {view};
	const refusal = refusalToWrite(raid, view);
	return refusal === null ? write(text.replace(/\r\n?/g, '\n'), view) : refuse(view, refusal);
}

/** The view when a new raid has come. The first one decides which channel is shown. */
export function receive(view: ViewState, raid: Raid): ViewState {
	return readOlder({...view, channel: view.channel ?? raid.channel}, raid);
}

/** The view when an action has been performed. */
export function succeed<A extends Action>(view: ViewState, action: A, result: ResultOf<A>): ViewState {
	return {...view, notice: {type: 'result', action, result}};
}

/** The view when an action has failed. A message that could not be posted becomes the draft again, unless there is one. */
export function fail(view: ViewState, action: Action, error: unknown): ViewState {
	const failed = reportProblem(view, error);
	if (action.type !== 'post' || error instanceof NotStartedError) return failed;
	const {text} = view.drafts.get(action.channel) ?? emptyDraft;
	return text === '' ? withDraft(failed, action.channel, draftWith(action.text)) : failed;
}

/** The view when something has gone wrong. */
export function reportProblem(view: ViewState, error: unknown): ViewState {
	return {...view, notice: {type: 'problem', text: describeError(error)}};
}
