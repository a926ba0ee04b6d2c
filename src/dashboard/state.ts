import type {Action, ResultOf} from '../model/action.ts';
import type {MessageId} from '../model/message.ts';
import type {SpawnId} from '../model/spawn.ts';
import {type Size, smallestScreen} from '../text/size.ts';
import type {TailAnchor} from '../view/tail.ts';
import {type Draft, emptyDraft} from './composer/draft.ts';

/** A part of the screen that can get the keys. */
export type PaneId = 'chain' | 'tail' | 'composer';

/** The operator's choices in the chain. */
export interface ChainState {
	/** Null for the latest live spawn, or else the latest. */
	readonly selected: SpawnId | null;
}

/** The part of the channel that is shown: its end, as it grows, or a part that stays where it is. */
export type TailState =
	| {readonly type: 'following'}
	| {
			readonly type: 'scrolled';
			/** The last row that is shown. */
			readonly anchor: TailAnchor;
			/** The latest message when scrolling back began; later ones are new. */
			readonly newest: MessageId;
			/** The number of messages to read, so that the part shown, and more above it, is among them. */
			readonly count: number;
	  };

/** An answer to a question: a key, and what follows from it. */
export interface Answer {
	readonly id: string;
	readonly key: string;
	readonly label: string;
	readonly leadsTo: {readonly type: 'action'; readonly action: Action} | QuestionDialog;
}

/** A question, which the operator answers with one key. */
export interface QuestionDialog {
	readonly type: 'question';
	readonly text: string;
	/** The answers besides "no", which every question has. */
	readonly answers: readonly Answer[];
}

/** Something in front of the panes that gets all keys until it is closed. */
export type Dialog =
	| QuestionDialog
	| {readonly type: 'channels'; readonly chosen: string | null}
	/** `scrolled` counts the rows above the first one that is shown. */
	| {readonly type: 'help'; readonly scrolled: number};

/** A line about the last key: a text, or the result of an action. */
export type Notice =
	| {readonly type: 'problem'; readonly text: string}
	| {readonly type: 'result'; readonly action: Action; readonly result: ResultOf<Action>};

/** Everything that the screen depends on besides the raid. Ids, not positions: rows come and go. */
export interface ViewState {
	readonly size: Size;
	readonly focus: PaneId;
	readonly panes: {readonly chain: ChainState; readonly tail: TailState};
	/** The last one is on top, and gets the keys. */
	readonly dialogs: readonly Dialog[];
	/** The channel that is shown, and posted to. Null until the first raid has come, and while there is no channel. */
	readonly channel: string | null;
	/** The messages that are being written, by channel. */
	readonly drafts: ReadonlyMap<string, Draft>;
	readonly notice: Notice | null;
	/** The messages that were sent and are not stored yet, oldest first. */
	readonly outgoing: readonly Outgoing[];
	/** What keeps the raid from being shown or changed as it is, as a sentence; null when nothing does. */
	readonly trouble: string | null;
}

/** A message that was sent. */
export interface Outgoing {
	readonly channel: string;
	readonly text: string;
}

/** The view at the start. */
export const initialView: ViewState = {
	size: smallestScreen,
	focus: 'chain',
	panes: {chain: {selected: null}, tail: {type: 'following'}},
	dialogs: [],
	channel: null,
	drafts: new Map(),
	notice: null,
	outgoing: [],
	trouble: null,
};

/** The view with a changed state of one pane. */
export function withPane<P extends keyof ViewState['panes']>(
	view: ViewState,
	pane: P,
	state: ViewState['panes'][P],
): ViewState {
	return {...view, panes: {...view.panes, [pane]: state}};
}

/** The message that is being written to the shown channel. */
export function draftOf({drafts, channel}: ViewState): Draft {
	return (channel === null ? undefined : drafts.get(channel)) ?? emptyDraft;
}

/** The view with another draft for a channel. */
export function withDraft(view: ViewState, channel: string, draft: Draft): ViewState {
	return {...view, drafts: new Map(view.drafts).set(channel, draft)};
}

/** The dialog that gets the keys; null when none is open. */
export function topDialog({dialogs}: ViewState): Dialog | null {
	return dialogs.at(-1) ?? null;
}

/** The view with one more dialog on top. */
export function openDialog(view: ViewState, dialog: Dialog): ViewState {
	return {...view, dialogs: [...view.dialogs, dialog]};
}

/** The view without its topmost dialog. */
export function closeDialog(view: ViewState): ViewState {
	return {...view, dialogs: view.dialogs.slice(0, -1)};
}

/** The view with its topmost dialog in another state. */
export function changeDialog(view: ViewState, dialog: Dialog): ViewState {
	return openDialog(closeDialog(view), dialog);
}
