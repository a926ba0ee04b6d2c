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
	return {...arrived(view, action), notice: {type: 'result', action, result}};
}

/** The view when an action has failed. A message that could not be posted becomes the draft again, before what is there. */
export function fail(view: ViewState, action: Action, error: unknown): ViewState {
	const failed = reportProblem(arrived(view, action), error);
	if (action.type !== 'post' || error instanceof NotStartedError) return failed;
	const {text} = view.drafts.get(action.channel) ?? emptyDraft;
	return withDraft(failed, action.channel, draftWith(text === '' ? action.text : `${action.text}\n${text}`));
}

/** The view without the message of an action on its way. */
function arrived(view: ViewState, action: Action): ViewState {
	if (action.type !== 'post') return view;
	const at = view.outgoing.findIndex(({channel, text}) => channel === action.channel && text === action.text);
	return at === -1 ? view : {...view, outgoing: view.outgoing.toSpliced(at, 1)};
}

/** The view when something keeps the raid from being shown or changed as it is, or nothing does any more. */
export function receiveTrouble(view: ViewState, trouble: string | null): ViewState {
	return {...view, trouble};
}

/** The view when something has gone wrong. */
export function reportProblem(view: ViewState, error: unknown): ViewState {
	return {...view, notice: {type: 'problem', text: describeError(error)}};
}
