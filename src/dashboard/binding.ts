import type {Action} from '../model/action.ts';
import type {Raid} from '../model/raid.ts';
import type {Wish} from '../model/system.ts';
import type {ViewState} from './state.ts';

/** An effect of a key besides the changed view. */
export type Effect =
	| {readonly type: 'perform'; readonly action: Action}
	| {readonly type: 'quit'}
	| {readonly type: 'repaint'}
	| {readonly type: 'suspend'};

/** The result of a key. */
export interface Step {
	readonly view: ViewState;
	readonly effect?: Effect;
}

/** One meaning of some keys, declared once for input, footer and help. */
export interface Binding {
	/** Its name for alerts, tests and rebinding: `chain.kill`. */
	readonly id: string;
	/** Names as `keysOf` gives them; the first one is shown. */
	readonly keys: readonly string[];
	/** A word for the footer. Neighbours with the same word share it there: `j/k select`. */
	readonly label: string;
	readonly help: string;
	/** Whether the footer names it: always, while there is room, or never. */
	readonly footer: 'always' | 'room' | 'never';
	/** Why the key makes no sense now, as a sentence; null when it does. */
	readonly refusal: (raid: Raid, view: ViewState) => string | null;
	readonly press: (view: ViewState, raid: Raid) => Step;
}

/** The bindings of one pane, of one dialog, or of the whole screen. */
export interface Section {
	readonly title: string;
	readonly bindings: readonly Binding[];
}

/** The refusal of a key that always makes sense. */
export function neverRefused(): null {
	return null;
}

/** Why the system does not do what a key asks for; null when it does. */
export function refusalOfWish({system}: Raid, wish: Wish): string | null {
	return system.refusals[wish];
}

/** Why no message can be written now; null when one can. */
export function refusalToWrite(raid: Raid, {channel}: ViewState): string | null {
	return refusalOfWish(raid, 'post') ?? (channel === null ? noChannel : null);
}

/** The refusal of a key that needs a channel. */
export const noChannel = 'There is no channel. Create one: raid channels create NAME';

/** The step that only says why nothing was done. */
export function refuse(view: ViewState, text: string): Step {
	return {view: {...view, notice: {type: 'problem', text}}};
}

/** The step that asks the store for a change. */
export function askFor(view: ViewState, action: Action): Step {
	return {view, effect: {type: 'perform', action}};
}
